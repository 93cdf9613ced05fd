-- the last line of a prefecture's file of anchors, by whose name and how many there are
INSERT INTO anchor_head (prefecture, identity, lines, line, day)
VALUES (:prefecture, :own, :lines, :line, :day)
ON CONFLICT (prefecture) DO UPDATE SET identity = :own, lines = :lines, line = :line, day = :day
