package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/cause"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/output"
)

// jobSummary adds the findings to the page of a job of GitHub's, which names its
// file in a variable. Elsewhere it does nothing.
func jobSummary(rep *finding.Report, opts output.Options) error {
	name := os.Getenv("GITHUB_STEP_SUMMARY")
	if name == "" {
		return nil
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err == nil {
		err = errors.Join(output.Summary(f, rep, opts, blobAddress()), f.Close())
	}
	if err != nil {
		return fmt.Errorf("cannot write the job summary %s (GITHUB_STEP_SUMMARY): %v", name, cause.Of(err))
	}
	return nil
}

// blobAddress is where GitHub shows the files of the commit at hand, as far as the
// job's variables tell.
func blobAddress() string {
	server, repository, commit := os.Getenv("GITHUB_SERVER_URL"), os.Getenv("GITHUB_REPOSITORY"), os.Getenv("GITHUB_SHA")
	if server == "" || repository == "" || commit == "" {
		return ""
	}
	return server + "/" + repository + "/blob/" + commit + "/"
}
