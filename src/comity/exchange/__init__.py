"""Other people's formats, one file each: what a publisher wrote, in; figures of ours, out.

Comity ships none of these data. Each reader takes the text of a file that its user fetched, and
says what it left out.
"""
