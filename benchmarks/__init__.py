"""The scale and speed figures that the README quotes, each from one command: `make bench`.

`servers` starts everything, in folders of its own; `measure` runs once for each town, as a program of
its own on that database; `rows` says what is measured, `load` how; `report` prints and writes the table.
"""
