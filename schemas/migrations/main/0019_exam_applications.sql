-- The application for which somebody sits, where they were put down from the admitted ones of a
-- competition.
ALTER TABLE exam_attempt ADD COLUMN application TEXT REFERENCES application (id);
CREATE UNIQUE INDEX exam_attempt_application ON exam_attempt (session, application) WHERE application IS NOT NULL;
