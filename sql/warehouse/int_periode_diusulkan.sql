-- Periods with proposals, of whatever state.
SELECT DISTINCT periode
FROM usulan_daerah
