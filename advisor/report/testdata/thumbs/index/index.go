// Package index asks the catalogue for what is known of each picture.
package index

import (
	"context"
	"database/sql"
)

// Describe looks the titles up.
func Describe(ctx context.Context, db *sql.DB, ids []int64) ([]string, error) {
	titles := make([]string, 0, len(ids))
	for _, id := range ids {
		var title string
		err := db.QueryRowContext(ctx, "select title from pictures where id = $1", id).Scan(&title)
		if err != nil {
			return nil, err
		}
		titles = append(titles, title)
	}
	return titles, nil
}
