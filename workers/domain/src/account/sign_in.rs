//! Signing in: the lockout, the password policy, the length of a session.
