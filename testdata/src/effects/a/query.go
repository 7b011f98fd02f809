package a

import (
	"context"
	"database/sql"
)

// An interface over *sql.DB and *sql.Tx is known by its answers.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	DB() *sql.DB
}

func Ask(ctx context.Context, q Querier) error { // want Ask:"^db\\(always\\) calls 1.QueryContext$"
	rows, err := q.QueryContext(ctx, "SELECT 1")
	if err != nil {
		return err
	}
	return rows.Close()
}

func AskOne(ctx context.Context, q Querier) *sql.Row { // want AskOne:"^db\\(always\\) calls 1.QueryRowContext$"
	return q.QueryRowContext(ctx, "SELECT 1")
}

// To hand out a database asks nothing.
func Handle(q Querier) *sql.DB { return q.DB() } // want Handle:"^calls 0.DB$"
