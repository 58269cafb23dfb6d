# What a decree of 1 July 2026 changes in civil.death: the second version that the scenarios m04_two_values and m20_new_decree deploy.
s/^module civil.death version 1 from 2002-11-07/module civil.death version 2 from 2026-07-01/
s/^parameter declaration_period: days = 30 days from 2002-11-07 basis DECLARE$/&, 45 days from 2027-01-01 basis DECLARE/
s/^parameter examination: workdays = 15 workdays/parameter examination: workdays = 10 workdays/
