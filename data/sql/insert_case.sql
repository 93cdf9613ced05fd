-- the first version; everything later is an update guarded by it
INSERT INTO cases (prefecture, case_no, kind, category, title, description, severity, source, status, area_id, path, lon, lat, geom,
                   centre_id, centre_path, holder_id, holder_path, reporter_id, version, reported_at, status_since, queued_at,
                   settle_from, settle_due_at, due_at, needs, notify_at)
VALUES (:prefecture, :case_no, :kind, :category, :title, :description, :severity, :source, :status, :area_id, :path, :lon, :lat,
        ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), :centre_id, :centre_path, :holder_id, :holder_path, :reporter_id,
        1, :reported_at, :reported_at, :reported_at, :reported_at, :settle_due_at, :due_at, :needs, :notify_at)
