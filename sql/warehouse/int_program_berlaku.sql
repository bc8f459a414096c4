-- Programs with list rows in force.
SELECT DISTINCT kode_program
FROM int_bansos_berlaku
