-- A proposal of the commission that nobody signed: it ends without a decision, its appeals stay open.
ALTER TABLE exam_ruling ADD COLUMN declined_by TEXT REFERENCES account (id);
ALTER TABLE exam_ruling ADD COLUMN declined_at TEXT;
ALTER TABLE exam_ruling ADD COLUMN declined_why TEXT;
