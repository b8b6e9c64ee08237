"""Tables that people bring and take away: CSV in the encodings of daily life, Parquet, and CSV written without traps.

`reading` opens a file as a stream of rows under caps, `template` finds the columns we know, `days` reads dates as
people write them, `writing` writes CSV no spreadsheet takes for formulas. What a row means is the rooms' business.
"""
