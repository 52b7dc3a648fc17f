# Sourced by the launcher `belfry` in a clone of the repository: all tests and their tools.
# shellcheck shell=bash

find_chromium() {
    command -v chromium || command -v chromium-browser || command -v google-chrome
}

find_postgresql() {
    ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null || command -v initdb
}

# Debian starts a database of its own when the package is installed; the tests start theirs.
install_postgresql() {
    local config=/etc/postgresql-common/createcluster.conf
    apt_install postgresql-common
    if [ -f "$config" ]; then
        cp -p "$config" "$config.belfry"
        printf 'create_main_cluster = false\n' >>"$config"
    fi
    apt_install postgresql || true
    if [ -f "$config.belfry" ]; then mv "$config.belfry" "$config"; fi
}

find_rsyslog_elasticsearch() {
    PATH=$PATH:/usr/sbin command -v rsyslogd && ls /usr/lib/*/rsyslog/omelasticsearch.so
}

need_test_tools() {
    local missing=
    need_build_tools install
    if ! find_chromium >/dev/null; then
        if can_install; then apt_install chromium; else missing="chromium"; fi
    fi
    if ! find_postgresql >/dev/null; then
        if can_install; then install_postgresql; else missing="$missing postgresql"; fi
    fi
    if ! find_rsyslog_elasticsearch >/dev/null 2>&1; then
        if can_install; then apt_install rsyslog rsyslog-elasticsearch
        else missing="$missing rsyslog rsyslog-elasticsearch"; fi
    fi
    if [ -n "$missing" ]; then
        fail "the tests need: $missing; as root:  apt-get update && apt-get install -y $missing"
    fi
    find_chromium >/dev/null || fail "chromium could not be installed"
    find_postgresql >/dev/null || fail "postgresql could not be installed"
    find_rsyslog_elasticsearch >/dev/null || fail "rsyslog-elasticsearch could not be installed"
}

# Adds up the reports of all modules that are newer than $1 and names what failed; its status says
# whether all passed.
print_summary() {
    find "$ROOT" -path '*/node_modules' -prune -o -path '*/target/*-reports/TEST-*.xml' \
        -newer "$1" -exec cat {} + | awk -v RS='>' '
        function attribute(name) {
            if (!match($0, "[[:space:]]" name "=\"[^\"]*\"")) return ""
            return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
        }
        function number(name,    text) {
            if (!match($0, "[[:space:]]" name "=\"[0-9]+\"")) return 0
            text = substr($0, RSTART, RLENGTH)
            gsub(/[^0-9]/, "", text)
            return text + 0
        }
        /<testsuite[[:space:]]/ {
            all += number("tests")
            failed += number("failures") + number("errors")
            skipped += number("skipped")
        }
        /<testcase[[:space:]]/ { test = attribute("classname") "." attribute("name") }
        /<(failure|error)([[:space:]]|$)/ {
            print "FAILED " test ": " substr(attribute("message"), 1, 500)
        }
        END {
            printf "Tests of all modules: %d passed, %d failed, %d skipped\n", \
                all - failed - skipped, failed, skipped
            exit failed > 0
        }'
}

# A test that fails, or a file that is not formatted, does not keep the modules behind it from being
# tested; the status tells of both.
command_test() {
    need_test_tools
    local status=0 begin
    begin=$(mktemp "${TMPDIR:-/tmp}/belfry-test.XXXXXX")
    run_child maven verify --fail-at-end -Dmaven.test.failure.ignore=true \
        -Dspotless.check.skip=true "$@" || status=$?
    run_child maven -q spotless:check --fail-at-end || status=$?
    print_summary "$begin" || status=1
    rm -f "$begin"
    return "$status"
}
