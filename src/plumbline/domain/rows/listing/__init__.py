"""Lists: what a list is, what may be asked of it, and its pages; one declaration a list, in the room of the rows.

Pure of pages: a face turns an address into what is wanted, and rows into cells. The order of a list is (value of the
sorted column, id), rows without a value last; a page continues after the row its token names, never by OFFSET.
"""
