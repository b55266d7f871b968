-- Entries have tokens for whole groups of words that mean the same (`y…`), and for pairs of them
-- with a very frequent one (`z…`). The next sweep builds the index anew; until it has, searches
-- use the words themselves.
DELETE FROM meta WHERE name = 'rebuild';
