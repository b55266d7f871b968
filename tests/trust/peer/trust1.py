"""TRUST-1 a second time, written from the layouts in workers/trust-core/README.md and not from
the Rust code, on other libraries: OpenSSL (cryptography), libsodium (PyNaCl), cbor2.

Only what two implementations must agree on is here. It is for tests: nothing is overwritten in
memory and nothing takes equal time.
"""

import hashlib
import os
import struct

import cbor2
import nacl.bindings as sodium
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.exceptions import CryptoError

KIB = 1024
REPORT_SIZES = (4 * KIB, 16 * KIB, 64 * KIB)
FILE_SIZES = (256 * KIB, KIB * KIB, 4 * KIB * KIB, 10 * KIB * KIB)
LETTER_SIZE = 4 * KIB
CHUNK = 64 * KIB
SLOTS = 8
SLOT = 32 + 1120 + 16
HEAD = 80


class Refused(Exception):
    """Not for this key, or changed."""


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def derive(secret, label, about=b""):
    info = b"TRUST-1|" + label.encode() + b"|" + about
    return HKDF(hashes.SHA256(), 32, None, info).derive(secret)


def argon2id(secret, salt, kib, passes):
    return sodium.crypto_pwhash_alg(
        32, secret, salt, passes, kib * KIB, sodium.crypto_pwhash_ALG_ARGON2ID13
    )


def encrypt(key, nonce, about, text):
    return sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(text, about, nonce, key)


def decrypt(key, nonce, about, sealed):
    try:
        return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, about, nonce, key)
    except CryptoError as error:
        raise Refused from error


def named(channel):
    raw = channel.encode()
    return bytes([len(raw)]) + raw


def pad(text, size):
    if len(text) + 4 > size:
        raise ValueError("too large")
    return (struct.pack(">I", len(text)) + text).ljust(size, b"\0")


def unpad(padded):
    (length,) = struct.unpack(">I", padded[:4])
    text, zeros = padded[4 : 4 + length], padded[4 + length :]
    if len(text) != length or any(zeros):
        raise Refused
    return text


def bucket(sizes, text):
    return next(at for at, size in enumerate(sizes) if len(text) + 4 <= size)


def read_cbor(raw):
    value = cbor2.loads(raw)
    if cbor2.dumps(value, canonical=True) != raw:
        raise Refused
    return value


def write_cbor(value):
    return cbor2.dumps(value, canonical=True)


# ------------------------------------------------------------------------------------ boxes

SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


class Box:
    """The secret half of a box: the 32-byte seed of an X-Wing key."""

    def __init__(self, seed):
        expanded = hashlib.shake_256(seed).digest(96)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
        self.secret = hpke.MLKEM768X25519PrivateKey(mlkem, x25519)
        self.public = (
            mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        )

    def open(self, info, sealed):
        try:
            return SUITE.decrypt(sealed, self.secret, info=info)
        except (InvalidTag, ValueError) as error:
            raise Refused from error


def seal_for(public, info, text):
    mlkem = MLKEM768PublicKey.from_public_bytes(public[:1184])
    x25519 = X25519PublicKey.from_public_bytes(public[1184:])
    return SUITE.encrypt(text, hpke.MLKEM768X25519PublicKey(mlkem, x25519), info=info)


def open_any(boxes, info, sealed):
    for box in boxes:
        try:
            return box.open(info, sealed)
        except Refused:
            continue
    raise Refused


# ------------------------------------------------------------------------------- signatures


class Signing:
    def __init__(self, seed):
        self.key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self.key.public_key().public_bytes_raw()

    def sign(self, label, message):
        return self.key.sign(b"TRUST-1|" + label.encode() + b"|" + message)


def check(public, label, message, signature):
    try:
        key = Ed25519PublicKey.from_public_bytes(public)
        key.verify(signature, b"TRUST-1|" + label.encode() + b"|" + message)
    except InvalidSignature as error:
        raise Refused from error


# --------------------------------------------------------------------------------- receipts

# Damm's table, generated: x * y = 2x + y in a field would not be anti-symmetric in ten elements,
# so this is the table of the thesis.
DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)


def damm(digits):
    row = 0
    for digit in digits:
        row = int(DAMM[row][int(digit)])
    return row


def new_receipt():
    digits = ""
    while len(digits) < 23:
        (byte,) = os.urandom(1)
        if byte < 250:
            digits += str(byte % 10)
    return digits + str(damm(digits))


class Reporter:
    def __init__(self, receipt, channel):
        if len(receipt) != 24 or damm(receipt) != 0:
            raise Refused
        salt = sha256(b"mansap/trust/v1/", channel.encode())[:16]
        master = argon2id(receipt.encode(), salt, 19456, 2)
        self.auth_seed = derive(master, "auth")
        self.box_seed = derive(master, "box")
        self.local = derive(master, "local")
        self.auth = Signing(self.auth_seed)
        self.letters = Box(self.box_seed)
        self.mailbox = self.auth.public


# -------------------------------------------------------------------------------- directory


def epoch_message(person, role, first, last, key):
    return struct.pack(">HBII", person, role, first, last) + key


class Directory:
    def __init__(self, file, root):
        check(root, "keys", file[64:], file[:64])
        parts = read_cbor(file[64:])
        title, self.version, self.issued, self.not_after, self.demo, people, channels = parts[:7]
        # Sums of questionnaires that pages may ask; left out where there are none.
        if len(parts) > 8 or parts[7:] == [[]]:
            raise Refused
        self.questions = parts[7] if len(parts) == 8 else []
        if title != "TRUST-1 keys":
            raise Refused
        self.people = {one[0]: one for one in people}
        for number, role, _, public, epochs in people:
            for first, last, key, signature in epochs:
                check(public, "epoch", epoch_message(number, role, first, last, key), signature)
        self.channels = {name: (officers, custodians) for name, officers, custodians in channels}

    def key(self, number, today):
        epochs = [one for one in self.people[number][4] if one[0] <= today <= one[1]]
        return max(epochs, key=lambda one: one[0])[2]

    def sign_key(self, number):
        return self.people[number][3]


def make_directory(root, people, channels, today):
    """`people`: (number, role, name, Signing, [Box])."""
    rows = []
    for number, role, name, signing, boxes in people:
        epochs = []
        for at, box in enumerate(boxes):
            first = today - 5 + at * 30
            message = epoch_message(number, role, first, first + 35, box.public)
            epochs.append([first, first + 35, box.public, signing.sign("epoch", message)])
        rows.append([number, role, name, signing.public, epochs])
    content = write_cbor(["TRUST-1 keys", 1, today, today + 40, True, rows, channels])
    return root.sign("keys", content) + content


# ---------------------------------------------------------------------------------- reports


def head(kind, size, version, mailbox, case):
    return b"TRUST-1" + bytes([kind, size, 0, 0, 0]) + struct.pack(">I", version) + mailbox + case


def about(label, channel, rest):
    return b"TRUST-1|" + label.encode() + b"|" + named(channel) + rest


def case_key(dek):
    return Signing(derive(dek, "case"))


def seal_report(directory, channel, today, reporter, content, files, excluded=(), dek=None):
    """`content`: the array without files, box and mailbox; `files`: [bucket, salt] each."""
    dek = dek or os.urandom(32)
    text = write_cbor([*content, files, reporter.letters.public, reporter.mailbox])
    size = bucket(REPORT_SIZES, text)
    front = head(1, size, directory.version, reporter.mailbox, case_key(dek).public)
    info = about("slot", channel, front)
    readers = [one for one in directory.channels[channel][0] if one not in excluded]
    slots = [seal_for(directory.key(one, today), info, dek) for one in readers]
    while len(slots) < SLOTS:
        slots.append(seal_for(Box(os.urandom(32)).public, info, os.urandom(32)))
    slots.sort()  # Ciphertexts are random, so their order is.
    slots = b"".join(slots)
    nonce = os.urandom(24)
    bound = about("report", channel, front) + sha256(slots)
    padded = pad(text, REPORT_SIZES[size])
    return front + slots + nonce + encrypt(derive(dek, "body"), nonce, bound, padded)


def open_report(envelope, channel, boxes):
    """The DEK, and the array that was sealed."""
    front, rest = envelope[:HEAD], envelope[HEAD:]
    size = REPORT_SIZES[front[8]]
    if front[:7] != b"TRUST-1" or any(front[9:12]):
        raise Refused
    if len(envelope) != HEAD + SLOTS * SLOT + 24 + size + 16:
        raise Refused
    slots, body = rest[: SLOTS * SLOT], rest[SLOTS * SLOT :]
    info = about("slot", channel, front)
    for at in range(SLOTS):
        try:
            dek = open_any(boxes, info, slots[at * SLOT : (at + 1) * SLOT])
        except Refused:
            continue
        if case_key(dek).public == front[48:80]:
            break
    else:
        raise Refused
    bound = about("report", channel, front) + sha256(slots)
    content = read_cbor(unpad(decrypt(derive(dek, "body"), body[:24], bound, body[24:])))
    if len(content) != 10 or content[9] != front[16:48]:
        raise Refused
    return dek, content


def report_id(envelope):
    return sha256(b"TRUST-1|id|", envelope)[:16]


# ------------------------------------------------------------------------------------ names


def xor(one, other):
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def seal_name(directory, channel, today, mailbox, name):
    k1, k2, nonce = os.urandom(32), os.urandom(32), os.urandom(24)
    padded = pad(name.encode(), 512)
    sealed = nonce + encrypt(xor(k1, k2), nonce, about("identity", channel, mailbox), padded)
    info = about("half", channel, mailbox)
    custodians = directory.channels[channel][1]
    halves = [[one, seal_for(directory.key(one, today), info, k2)] for one in custodians]
    return [k1, sealed, halves]


def open_half(boxes, channel, mailbox, half):
    return open_any(boxes, about("half", channel, mailbox), half)


def open_name(identity, channel, mailbox, k2):
    k1, sealed, _ = identity
    bound = about("identity", channel, mailbox)
    return unpad(decrypt(xor(k1, k2), sealed[:24], bound, sealed[24:])).decode()


# ------------------------------------------------------------------------------ attachments


def file_chunks(dek, number, size, salt, name, media, content):
    """(number of the chunk, sealed bytes) for each chunk."""
    bound = bytes([number, size]) + salt
    key, ids = derive(dek, "file", bound), derive(dek, "chunk", bound)
    text = pad(write_cbor([name, media, content]), FILE_SIZES[size])
    count = FILE_SIZES[size] // CHUNK
    for at in range(count):
        nonce = bytes(19) + struct.pack(">I", at) + bytes([at + 1 == count])
        part = text[at * CHUNK : (at + 1) * CHUNK]
        sealed = encrypt(key, nonce, b"TRUST-1|file|" + bytes([number, size]), part)
        yield derive(ids, "id", struct.pack(">I", at))[:16], sealed


# ---------------------------------------------------------------------------------- letters


def seal_letter(writer, channel, mailbox, box, content):
    """`content`: [purpose, from, case, seq, prev, status, text]."""
    raw = write_cbor(content)
    signature = writer.sign("letter", named(channel) + mailbox + sha256(raw))
    info = about("letter", channel, mailbox)
    return b"TRUST-1\x03" + bytes(8) + seal_for(box, info, pad(signature + raw, LETTER_SIZE))


def open_letter(letter, boxes, channel, mailbox, directory):
    if letter[:16] != b"TRUST-1\x03" + bytes(8) or len(letter) != 16 + LETTER_SIZE + 1136:
        raise Refused
    text = unpad(open_any(boxes, about("letter", channel, mailbox), letter[16:]))
    content = read_cbor(text[64:])
    message = named(channel) + mailbox + sha256(text[64:])
    check(directory.sign_key(content[1]), "letter", message, text[:64])
    return content


# ----------------------------------------------------------------------------------- vaults


def seal_vault(passphrase, text):
    front = b"TRUST-1\x04" + os.urandom(40)
    key = argon2id(passphrase.encode(), front[8:24], 65536, 3)
    return front + encrypt(key, front[24:48], front, text)


def open_vault(passphrase, raw):
    if raw[:8] != b"TRUST-1\x04":
        raise Refused
    key = argon2id(passphrase.encode(), raw[8:24], 65536, 3)
    return decrypt(key, raw[24:48], raw[:48], raw[48:])


# ----------------------------------------------------------------------------------- frames

POLL = 0x11


def digest(frame):
    return sha256(frame[:72], frame[80:])


def worked(frame, bits):
    hashed = sha256(frame[40:72], digest(frame), frame[72:80])
    return int.from_bytes(hashed, "big") >> (256 - bits) == 0


def poll(signing, reply, challenge, page, drop=bytes(16)):
    fields = signing.public + struct.pack(">H", page) + drop
    signature = signing.sign("poll", bytes([POLL]) + reply + challenge + fields)
    frame = b"TRUST-1" + bytes([POLL]) + reply + challenge + bytes(8) + fields + signature
    frame = bytearray(frame.ljust(1024, b"\0"))
    task = challenge + digest(bytes(frame))
    nonce = 0
    while int.from_bytes(sha256(task, struct.pack(">Q", nonce)), "big") >> (256 - challenge[1]):
        nonce += 1
    frame[72:80] = struct.pack(">Q", nonce)
    return bytes(frame)


def check_poll(frame):
    """Mailbox, page and the letter to delete, of a poll whose work and signature hold."""
    if len(frame) != 1024 or frame[:8] != b"TRUST-1" + bytes([POLL]) or any(frame[194:]):
        raise Refused
    if not worked(frame, frame[41]):
        raise Refused
    fields = frame[80:130]
    check(fields[:32], "poll", frame[7:72] + fields, frame[130:194])
    return fields[:32], struct.unpack(">H", fields[32:34])[0], fields[34:50]


def answer(kind, reply, status, payload, size):
    text = bytes([status]) + pad(payload, size - 17)
    return encrypt(reply, bytes([kind]).ljust(24, b"\0"), b"TRUST-1|answer|", text)


def open_answer(kind, reply, raw):
    text = decrypt(reply, bytes([kind]).ljust(24, b"\0"), b"TRUST-1|answer|", raw)
    return text[0], unpad(text[1:])
