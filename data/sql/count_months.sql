-- the roll-up holds a row for each category of a month
SELECT month, sum(reported)::int, sum(settled)::int FROM area_month
 WHERE prefecture = :prefecture AND area_id = :area AND month >= :first AND month <= :last GROUP BY month
