# Sourced by the launcher `belfry` in a clone of the repository: building what is out of date.
# shellcheck shell=bash

# Runs a command so that a signal to the launcher ends it too, and gives its status.
run_child() {
    "$@" &
    local child=$! status=0
    trap 'kill -TERM '"$child"' 2>/dev/null; wait '"$child"' 2>/dev/null; exit 130' INT TERM
    wait "$child" || status=$?
    trap - INT TERM
    return "$status"
}

# Becomes Maven: only for run_child.
maven() {
    local color=always
    if [ ! -t 1 ]; then color=never; fi
    cd "$ROOT"
    export MAVEN_OPTS="${MAVEN_OPTS:-} -Djansi.noreset=true"
    exec mvn -B --no-transfer-progress "-Dstyle.color=$color" "$@" </dev/null
}

# $1 stamp, $2... folders: is anything in them, or in the build itself, newer than the stamp?
is_newer_than() {
    local stamp=$1 changed
    shift
    if [ "$ROOT/pom.xml" -nt "$stamp" ]; then return 0; fi
    changed=$(cd "$ROOT" && find .mvn "$@" -mindepth 1 \
        \( -name target -o -name node_modules -o -name dist -o -name test \
        -o -name test-results -o -name playwright-report -o -name '*.tsbuildinfo' \) -prune \
        -o -newer "$stamp" -print -quit 2>/dev/null)
    [ -n "$changed" ]
}

SERVER_SOURCES="model receive journal store query metadata identity ui server"

# $1 folder with the jars, where native/ is made. SQLite's driver would unpack its library at every start and compare it
# with its copy, and start a program to learn of the system; zstd's would unpack it, too, for which a full disk has no
# room. Where this leaves nothing, they still do so.
unpack_libraries() {
    local system zstd_system ending machine zstd_machine jar version
    machine=$(uname -m)
    case $machine in amd64) machine=x86_64 ;; arm64) machine=aarch64 ;; esac
    zstd_machine=$machine
    case $(uname -s) in
        Linux)
            system=Linux zstd_system=linux ending=so
            if [ "$machine" = x86_64 ]; then zstd_machine=amd64; fi
            ;;
        Darwin) system=Mac zstd_system=darwin ending=dylib ;;
        *) return 0 ;;
    esac
    # The libraries for glibc do not run with musl.
    for jar in /lib/ld-musl-*; do if [ -e "$jar" ]; then return 0; fi; done
    mkdir "$1/native"
    for jar in "$1"/sqlite-jdbc-*.jar; do
        unpack_library "$1/native" "$jar" "org/sqlite/native/$system/$machine/libsqlitejdbc.$ending" "libsqlitejdbc.$ending"
    done
    for jar in "$1"/zstd-jni-*.jar; do
        version=${jar##*/zstd-jni-}
        version=${version%.jar}
        unpack_library "$1/native" "$jar" "$zstd_system/$zstd_machine/libzstd-jni-$version.$ending" "libzstd-jni.$ending"
    done
}

# $1 folder, $2 jar, $3 the library in it, $4 its name in the folder
unpack_library() {
    (cd "$1" && "$JAVA_FOUND/bin/jar" xf "$2" "$3" && mv "$3" "$4" && rm -r "${3%%/*}") 2>/dev/null || rm -rf "$1/${3%%/*}"
}

# $1 module, $2 folder to fill. Its jars are copied, so that a rebuild never changes a file that a
# running server has open.
assemble() {
    local from=$ROOT/$1/target to=$2
    rm -rf "$to.new" "$to.old"
    mkdir -p "$to.new/lib"
    cp -p "$from"/lib/*.jar "$to.new/lib/"
    cp -p "$from/belfry-$1-$VERSION.jar" "$to.new/lib/belfry-$1.jar"
    if [ "$1" = server ]; then unpack_libraries "$to.new/lib"; fi
    if [ -d "$to" ]; then mv "$to" "$to.old"; fi
    mv "$to.new" "$to"
    rm -rf "$to.old"
}

# $1 stamp, $2... folders: must they be built?
is_stale() {
    case ${BELFRY_BUILD:-} in
        always) return 0 ;;
        never) [ ! -d "${1%/*}/lib" ] ;;
        *) [ ! -f "$1" ] || is_newer_than "$@" ;;
    esac
}

# $1 module, $2 folder to fill, $3... the folders that its sources are in
build_module() {
    local module=$1 target=$2 staging=$ROOT/$1/target
    shift 2
    if ! is_stale "$target/stamp" "$@"; then return 0; fi
    need_build_tools
    if ! mkdir -p "$staging" 2>/dev/null || [ ! -w "$staging" ]; then
        fail "the build is older than the sources, and $(id -un 2>/dev/null) may not write to $staging"
    fi
    exec 9>"$staging/build.lock"
    if command -v flock >/dev/null 2>&1; then flock 9; fi
    if is_stale "$target/stamp" "$@"; then
        say "belfry: building $module (the first time takes some minutes) ..."
        : >"$staging/build.begin"
        rm -rf "$staging/lib"
        run_child maven -q -pl "$module" -am -Dmaven.test.skip=true -Dspotless.check.skip=true \
            package || fail "the build failed"
        assemble "$module" "$target"
        if [ "$module" = server ]; then
            printf '%s\n' "$JAVA_FOUND" >"$target/java"
            train "$target" "$JAVA_FOUND" || true
        fi
        touch -r "$staging/build.begin" "$target/stamp"
    fi
    exec 9>&-
}

build_server() {
    # shellcheck disable=SC2086
    build_module server "$APPLICATION" $SERVER_SOURCES
}

command_bench() {
    build_server
    # shellcheck disable=SC2086
    build_module bench "$ROOT/bench/target/belfry" $SERVER_SOURCES bench
    find_java || need_java
    export JAVA_HOME=$JAVA_FOUND
    find_class_path "$ROOT/bench/target/belfry/lib" bench
    # shellcheck disable=SC2086
    exec "$JAVA_FOUND/bin/java" $JVM_FLAGS ${BELFRY_JAVA_OPTIONS:-} "-Dbelfry.root=$ROOT" \
        -cp "$CLASS_PATH" dev.belfry.bench.Main "$@"
}
