package main

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/demarc-dev/demarc/linter/report"
)

// filing are the flags for reports that are filed: what they carry beside what
// was found. Two runs say the same unless one of these differs.
type filing struct {
	date, sourceURL string
	account, region string
}

func (f *filing) addFilingFlags(flags *pflag.FlagSet) {
	flags.StringVar(&f.date, "date", "", "Put this `DATE` on the report: today, 2026-11-28 or 2026-11-28T09:30:00Z. Default: none; forms that must have one say 1970-01-01.")
	flags.StringVar(&f.sourceURL, "source-url", "", "Link places to a forge by this `TEMPLATE` of an address, with {path}, {line} and {commit}, as in https://github.com/acme/infra/blob/{commit}/{path}#L{line}.")
}

func (f *filing) addAccountFlags(flags *pflag.FlagSet) {
	flags.StringVar(&f.account, "aws-account", "", "Write findings as asff for the AWS account `ID`. Default: 123456789012.")
	flags.StringVar(&f.region, "aws-region", "", "Write findings as asff for the AWS `REGION`. Default: us-east-1.")
}

var (
	accountID  = regexp.MustCompile(`^\d{12}$`)
	regionName = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d$`)
)

// into puts the flags into a format's options.
func (f *filing) into(o *report.Options) error {
	var err error
	if o.Date, err = parseDate(f.date, time.Now); err != nil {
		return err
	}
	if f.account != "" && !accountID.MatchString(f.account) {
		return fmt.Errorf("--aws-account %q: use the 12 digits of an account", f.account)
	}
	if f.region != "" && !regionName.MatchString(f.region) {
		return fmt.Errorf("--aws-region %q: use a region, as in eu-central-1", f.region)
	}
	o.Account, o.Region, o.SourceURL = f.account, f.region, f.sourceURL
	return checkSourceURL(f.sourceURL)
}

// parseDate reads a day or a time; "" is none.
func parseDate(text string, now func() time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if text == "today" {
		return now().UTC().Truncate(24 * time.Hour), nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if date, err := time.Parse(layout, text); err == nil {
			return date, nil
		}
	}
	return time.Time{}, fmt.Errorf("--date %q: use today, a day (2026-11-28) or a time (2026-11-28T09:30:00Z)", text)
}

// checkSourceURL lets only addresses of the web be links.
func checkSourceURL(template string) error {
	if template == "" {
		return nil
	}
	if u, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(template)); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("--source-url %q: begin with https://, as in https://github.com/acme/infra/blob/{commit}/{path}#L{line}", template)
	}
	if !strings.Contains(template, "{path}") {
		return fmt.Errorf("--source-url %q: a {path} is missing", template)
	}
	return nil
}
