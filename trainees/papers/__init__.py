"""What is printed of courses and their trainees.

The papers that HEM expects (DOMAIN.md §3), on paper and as spreadsheets: `record` reads what they print,
`lists`, `roll` and `results` make the tables, `course` knows which papers there are and makes a PDF or a
sheet of one, `many` the papers of many courses in one file. Their words are those of the education year.
Beside them: the `announcement` of a course and the form of a `registration`.
"""
