-- new cases by day
SELECT day, reported FROM area_day
 WHERE prefecture = :prefecture AND area_id = :area AND day >= :first AND reported > 0
 ORDER BY day
