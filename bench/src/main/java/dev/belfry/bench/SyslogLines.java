package dev.belfry.bench;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;

/** Lines of RFC 5424, about 300 bytes each on average, ended by a line feed. For one thread. */
final class SyslogLines {
    /*
     * "logs": what programs of a server write, the same text again and again with other numbers, addresses, names. Some
     * lines hold what is looked for in all of them: a level, a trace id, a document, a token.
     * "words": 31 random words of 2,000 in each line, which no log has; its pairs of words are nearly all different.
     *
     * In a template $n is a number below 100,000, $s one below 1,000, $a an address, $p a port, $x eight hexadecimal
     * digits, $u a user, $w a path, $t a trace id.
     */
    static final String LOGS = "logs";
    static final String WORDS = "words";

    private static final String AGENT =
            " \"https://shop.example.com/\" \"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
                    + " Chrome/131.0.0.0 Safari/537.36\"";
    private static final String[] TEMPLATES = {
        "audispd type=SYSCALL msg=audit(1764475971.$s:$n): arch=c000003e syscall=59 success=yes exit=0 a0=$x a1=$x"
                + " a2=$x a3=8 items=2 ppid=$n pid=$n auid=$s uid=$s gid=$s euid=0 suid=0 fsuid=0 egid=0 sgid=0"
                + " fsgid=0 tty=pts$s ses=$n comm=\"sudo\" exe=\"/usr/bin/sudo\" subj=unconfined key=\"rootcmd\"",
        "envoy [2026-11-30T04:12:51.$sZ] \"GET $w HTTP/2\" 200 - via_upstream - \"-\" 0 $n $s $s \"$a\""
                + " \"okhttp/4.12.0\" \"$x-$x\" \"orders.shop.svc.cluster.local\" \"$a:8080\""
                + " outbound|8080||orders.shop.svc.cluster.local $a:$p $a:8080 $a:$p - default",
        "envoy [2026-11-30T04:12:51.$sZ] \"POST $w HTTP/2\" 503 UF upstream_reset_before_response_started"
                + "{connection_failure} - \"-\" $n 91 $s - \"$a\" \"grpc-java-netty/1.68.1\" \"$x-$x\""
                + " \"billing.shop.svc.cluster.local\" \"$a:9090\" outbound|9090||billing.shop.svc.cluster.local -",
        "apache2 $a - $u [30/Nov/2026:04:12:51 +0000] \"GET $w HTTP/1.1\" 200 $n \"https://intranet.example.com$w\""
                + " \"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0\" $n",
        "apache2 $a - - [30/Nov/2026:04:12:51 +0000] \"GET /robots.txt HTTP/1.1\" 404 $s \"-\" \"Mozilla/5.0"
                + " (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36\" $n",
        "search 2026-11-30 04:12:51.$s INFO [search-worker-$s] com.example.shop.search.QueryExecutor - query $x for"
                + " user $u matched $n of $n documents in $s ms, parsed $s, rewritten $s, collected $s, fetched $s,"
                + " cache hit=false, shards=[orders-$s, articles-$s, customers-$s], slowest shard $s ms trace_id=$t",
        "scheduler 2026-11-30 04:12:51.$s INFO [scheduling-1] c.e.shop.jobs.NightlyExport - job export-$n step $s of 12"
                + " finished: read $n rows from customers, wrote $n rows to /var/exports/$u/customers-$n.csv.gz"
                + " ($n bytes), skipped $s duplicates, next step begins at 04:$s, lock held by host-$s since $n ms",
        "sshd Accepted publickey for $u from $a port $p ssh2: RSA SHA256:$x$x$x$x$x",
        "sshd Failed password for invalid user $u from $a port $p ssh2",
        "sshd pam_unix(sshd:session): session opened for user $u(uid=$s) by (uid=0)",
        "sudo $u : TTY=pts/$s ; PWD=/home/$u ; USER=root ; COMMAND=/usr/bin/systemctl restart worker-$s.service",
        "nginx $a - $u \"GET $w?page=$s&session=$x HTTP/1.1\" 200 $n" + AGENT,
        "nginx $a - - \"POST $w HTTP/1.1\" 201 $n" + AGENT + " rt=0.$s uct=0.00$s upstream=$a:$p",
        "nginx $a - $u \"GET /static/js/app.$x.js HTTP/2.0\" 304 0" + AGENT,
        "nginx $a - - \"GET $w HTTP/1.1\" 502 157" + AGENT + " rt=30.$s upstream=$a:$p",
        "nginx [error] $n#$n: *$n upstream timed out (110: Connection timed out) while reading response header from"
                + " upstream, client: $a, server: shop.example.com, request: \"GET $w HTTP/1.1\", upstream:"
                + " \"http://$a:$p$w\", host: \"shop.example.com\"",
        "kernel [$n.$n] [UFW BLOCK] IN=eth0 OUT= MAC=52:54:00:$s:5e:08:00 SRC=$a DST=$a LEN=$s TOS=0x00 PREC=0x00"
                + " TTL=$s ID=$n DF PROTO=TCP SPT=$p DPT=$p WINDOW=$n RES=0x00 SYN URGP=0",
        "kernel [$n.$n] audit: type=1400 audit(1764475200.$s:$n): apparmor=\"DENIED\" operation=\"open\""
                + " profile=\"/usr/sbin/cupsd\" name=\"$w\" pid=$n comm=\"worker-$s\" requested_mask=\"r\""
                + " denied_mask=\"r\" fsuid=$s ouid=0",
        "kernel [$n.$n] EXT4-fs (nvme0n1p$s): mounted filesystem $x-$x with ordered data mode. Quota mode: none.",
        "kernel [$n.$n] Out of memory: Killed process $n (java) total-vm:$nkB, anon-rss:$nkB, file-rss:$nkB,"
                + " shmem-rss:0kB, UID:$s pgtables:$nkB oom_score_adj:0",
        "haproxy $a:$p [30/Nov/2026:04:12:51.$s] https-in~ shop/web-$s 0/0/$s/$n/$n 200 $n - - ---- $s/$s/$s/$s/0"
                + " 0/0 {shop.example.com|Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)} \"GET $w HTTP/1.1\"",
        "postfix/smtpd $x: client=mail-$s.example.net[$a], sasl_method=PLAIN, sasl_username=$u@example.com",
        "postfix/smtp $x: to=<$u@example.org>, relay=mx$s.example.org[$a]:25, delay=$s.4, delays=0.1/0.02/1.$s/0.9,"
                + " dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as $x)",
        "postfix/qmgr $x: from=<$u@example.com>, size=$n, nrcpt=$s (queue active)",
        "postgres [$n-1] $u@shop LOG:  duration: $s.$s ms  execute <unnamed>: SELECT o.id, o.state, o.total FROM"
                + " orders o JOIN customers c ON c.id = o.customer_id WHERE c.id = $n AND o.created_at > now() - interval"
                + " '30 days' ORDER BY o.created_at DESC LIMIT 50",
        "postgres [$n-1] LOG:  checkpoint complete: wrote $n buffers (12.$s%); 0 WAL file(s) added, $s removed, $s"
                + " recycled; write=$s.021 s, sync=0.$s s, total=$s.9 s; sync files=$s, longest=0.$s s, average=0.001 s",
        "CRON ($u) CMD (/usr/local/bin/backup --target /var/backups/$u --keep $s > /var/log/backup-$s.log 2>&1)",
        "systemd worker-$s.service: Main process exited, code=exited, status=$s/FAILURE after $n ms; scheduled restart"
                + " job, restart counter is at $s.",
        "dockerd time=\"2026-11-30T04:12:51.$sZ\" level=info msg=\"ignoring event\" container=$x$x$x$x$x$x$x$x"
                + " module=libcontainerd namespace=moby topic=/tasks/delete type=\"*events.TaskDelete\"",
        "kubelet E1130 04:12:51.$s $n pod_workers.go:1298] \"Error syncing pod, skipping\" err=\"failed to"
                + " \\\"StartContainer\\\" for \\\"orders\\\" with CrashLoopBackOff: back-off 5m0s restarting failed"
                + " container\" pod=\"shop/orders-$x\" podUID=\"$x-$x\"",
        "orders 2026-11-30 04:12:51.$s INFO [http-nio-8080-exec-$s] com.example.shop.OrderService - order $n of"
                + " customer $n placed, $s items, total $n.90 EUR, paid by card in $s ms trace_id=$t",
        "orders 2026-11-30 04:12:51.$s WARN [pool-3-thread-$s] com.example.shop.StockClient - stock of article $n"
                + " answered after $n ms, retry $s of 3, connection to $a:$p is kept alive, trace_id=$t",
        "orders 2026-11-30 04:12:51.$s ERROR [http-nio-8080-exec-$s] com.example.shop.PaymentClient - payment $x for"
                + " order $n failed: java.net.SocketTimeoutException: Read timed out after $n ms from $a:$p",
        "billing {\"level\":\"info\",\"msg\":\"invoice created\",\"invoice\":$n,\"customer\":$n,\"amount\":$s.5,"
                + "\"trace_id\":\"$t\",\"duration_ms\":$s,\"path\":\"$w\",\"user\":\"$u\"}",
        "gateway ts=2026-11-30T04:12:51.$sZ level=info method=GET path=$w status=200 duration=$sms bytes=$n client=$a"
                + " user=$u trace_id=$t upstream=orders-$s",
        "named client @0x$x $a#$p (host-$s.example.com): query: host-$s.example.com IN AAAA +E(0)DC ($a)",
        "dhcpd DHCPACK on $a to 52:54:00:$s:1f:3a (host-$s) via eth0 relay $a lease-duration $n uid 01:52:54:00:$x"
    };
    private static final String[] PATHS = {
        "/api/v2/orders/$n",
        "/api/v2/customers/$n/addresses",
        "/cart/$x/items",
        "/search",
        "/health",
        "/images/products/$n/large.webp",
        "/account/settings",
        "/api/v2/stock/$n"
    };
    /* Of each program's usual facilities and severities. */
    private static final Map<String, Integer> FACILITIES =
            Map.of(
                    "sshd", 10, "sudo", 10, "kernel", 0, "CRON", 9, "systemd", 3, "named", 3,
                    "dhcpd", 3);
    private static final int MAIL = 2;
    private static final int LOCAL = 16;
    private static final int USUAL_SEVERITY = 6;
    private static final int WORDS_OF_A_LINE = 31;
    private static final int HOSTS = 40;
    private static final long SEED = 7;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final JsonEvents vocabulary = new JsonEvents(SEED, 0, 0);
    private final boolean words;
    private final long startMillis;
    private final StringBuilder out = new StringBuilder();
    private long number;

    /** Lines of {@code kind}, the first of which is of {@code startMillis}. */
    SyslogLines(String kind, long startMillis) {
        if (!kind.equals(LOGS) && !kind.equals(WORDS)) {
            throw new IllegalArgumentException(
                    "--lines " + kind + " (expected: " + LOGS + " or " + WORDS + ")");
        }
        words = kind.equals(WORDS);
        this.startMillis = startMillis;
    }

    /** {@code count} further lines. */
    byte[] next(int count) {
        out.setLength(0);
        for (int line = 0; line < count; line++) {
            if (words) {
                header("bench", LOCAL);
                for (int word = 0; word < WORDS_OF_A_LINE; word++) {
                    out.append(' ').append(vocabulary.word(random.nextInt(2000)));
                }
            } else {
                String template = TEMPLATES[random.nextInt(TEMPLATES.length)];
                String program = template.substring(0, template.indexOf(' '));
                boolean mail = program.startsWith("postfix");
                header(program, mail ? MAIL : FACILITIES.getOrDefault(program, LOCAL));
                fill(template, program.length());
            }
            out.append('\n');
        }
        return out.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private void header(String program, int facility) {
        int severity = random.nextInt(10) == 0 ? random.nextInt(8) : USUAL_SEVERITY;
        out.append('<').append(facility * 8 + severity).append(">1 ");
        out.append(Instant.ofEpochMilli(startMillis + number++));
        out.append(" host-")
                .append(random.nextInt(HOSTS))
                .append(words ? " " : ".eu-central-1.compute.example.com ");
        out.append(program).append(' ').append(random.nextInt(30_000)).append(" - -");
    }

    private void fill(String template, int from) {
        for (int at = from; at < template.length(); at++) {
            char unit = template.charAt(at);
            if (unit != '$') {
                out.append(unit);
                continue;
            }
            at++;
            switch (template.charAt(at)) {
                case 'n' -> out.append(random.nextInt(100_000));
                case 's' -> out.append(random.nextInt(1000));
                case 'p' -> out.append(1024 + random.nextInt(60_000));
                case 'u' -> out.append("user").append(random.nextInt(2000));
                case 'x' -> hex(random.nextInt());
                case 'w' -> fill(PATHS[random.nextInt(PATHS.length)], 0);
                case 'a' ->
                        out.append("10.")
                                .append(random.nextInt(20))
                                .append('.')
                                .append(random.nextInt(256))
                                .append('.')
                                .append(random.nextInt(256));
                case 't' -> {
                    for (int part = 0; part < 4; part++) {
                        hex(random.nextInt());
                    }
                }
                default -> throw new IllegalStateException("BUG: template " + template);
            }
        }
    }

    private void hex(int bits) {
        for (int shift = 28; shift >= 0; shift -= 4) {
            out.append(Character.forDigit(bits >>> shift & 15, 16));
        }
    }
}
