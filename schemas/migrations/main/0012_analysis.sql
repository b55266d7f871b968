-- Item analysis: what a test's questions were worth. An analysis is a chain of steps, each one
-- message of the queue; what goes from one to the next is here. No row names a candidate.

CREATE TABLE analysis (
  id TEXT PRIMARY KEY,
  -- The exam whose scored attempts are looked at, and only those that were over at this moment.
  exam TEXT NOT NULL, until TEXT NOT NULL,
  model TEXT NOT NULL CHECK (model IN ('two_parameter', 'one_parameter', 'rasch', 'rasch_free_variance')),
  -- Edition of the rules of item analysis.
  edition TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
  stage TEXT NOT NULL DEFAULT 'gather' CHECK (stage IN ('gather', 'calibrate', 'finish')),
  -- Grows by one with every step that was done: a step that comes twice is done once.
  step INTEGER NOT NULL DEFAULT 0,
  -- How often the present step was begun.
  tries INTEGER NOT NULL DEFAULT 0,
  -- The last attempt that was gathered.
  after_candidate TEXT NOT NULL DEFAULT '', after_attempt INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0, answers INTEGER NOT NULL DEFAULT 0,
  -- JSON that goes from step to step: items with their options, state of the calibration.
  work TEXT NOT NULL DEFAULT '{}',
  -- Why it failed: none, many, stuck.
  failure TEXT NOT NULL DEFAULT '',
  -- JSON: figures of the whole test.
  summary TEXT NOT NULL DEFAULT '{}',
  asked_by TEXT NOT NULL REFERENCES account (id),
  created_at TEXT NOT NULL, changed_at TEXT NOT NULL, finished_at TEXT
) STRICT;
CREATE INDEX analysis_exam ON analysis (exam, id);
CREATE INDEX analysis_open ON analysis (changed_at) WHERE state IN ('queued', 'running');

-- Answers, packed (base64), while an analysis runs.
CREATE TABLE analysis_part (
  analysis TEXT NOT NULL REFERENCES analysis (id),
  number INTEGER NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (analysis, number)
) STRICT;

-- Figures of an item. NULL = not estimable.
CREATE TABLE item_stat (
  analysis TEXT NOT NULL REFERENCES analysis (id),
  item TEXT NOT NULL, version INTEGER NOT NULL,
  answered REAL NOT NULL,
  facility REAL, facility_se REAL, sd REAL,
  discrimination REAL, discrimination_se REAL, efficiency REAL,
  -- Parameters of the model and their errors.
  a REAL, a_se REAL, b REAL, b_se REAL, d REAL, d_se REAL,
  -- Why there are no parameters: too_few, all_right, all_wrong, no_maximum.
  why TEXT,
  infit REAL, outfit REAL, fit_p REAL,
  -- Languages: ETS delta (below zero: harder for the focal one), its error, class.
  delta REAL, delta_se REAL, dif_class TEXT,
  exposure REAL,
  flags INTEGER NOT NULL DEFAULT 0,
  -- JSON: options, all figures of fit and languages, observed shares.
  more TEXT NOT NULL,
  PRIMARY KEY (analysis, item, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_stat_item ON item_stat (item, version);

-- What a person should look at.
CREATE TABLE item_flag (
  analysis TEXT NOT NULL REFERENCES analysis (id),
  item TEXT NOT NULL, version INTEGER NOT NULL,
  kind TEXT NOT NULL,
  -- Identifier of the option that it is about; empty = the item.
  option TEXT NOT NULL DEFAULT '',
  value REAL NOT NULL, bound REAL NOT NULL,
  PRIMARY KEY (analysis, item, version, kind, option)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_flag_item ON item_flag (item, version);
