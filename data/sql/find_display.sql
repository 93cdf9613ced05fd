SELECT * FROM display_of(:token)
