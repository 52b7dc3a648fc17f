package dev.belfry.store.events;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.EventBatch;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.store.RetentionRules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Says into which partition each event of a batch goes. */
final class Router {
    private final RetentionRules rules;

    Router(RetentionRules rules) {
        this.rules = rules;
    }

    /** The events of {@code batch} by partition, each list ascending. */
    Map<Partition, int[]> route(EventBatch batch, long receivedMillis) {
        int count = batch.count();
        byte[] classes = classes(batch);
        long[] days = new long[count];
        boolean uniform = true;
        for (int i = 0; i < count; i++) {
            days[i] = Partition.day(batch.timestampsNanos()[i], receivedMillis);
            uniform &= days[i] == days[0] && classes[i] == classes[0];
        }
        Map<Partition, int[]> routed = new LinkedHashMap<>();
        if (uniform) {
            int[] all = new int[count];
            Arrays.setAll(all, i -> i);
            routed.put(new Partition(days[0], name(classes[0])), all);
            return routed;
        }
        Map<Partition, List<Integer>> lists = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            lists.computeIfAbsent(new Partition(days[i], name(classes[i])), _ -> new ArrayList<>())
                    .add(i);
        }
        lists.forEach((partition, events) ->
                routed.put(partition, events.stream().mapToInt(Integer::intValue).toArray()));
        return routed;
    }

    private String name(int ruleClass) {
        return ruleClass == 0 ? RetentionRules.DEFAULT : rules.rules().get(ruleClass - 1).name();
    }

    /* 0 for no rule, else 1 + the index of the first that is met. */
    private byte[] classes(EventBatch batch) {
        byte[] classes = new byte[batch.count()];
        List<RetentionRules.Rule> list = rules.rules();
        for (int index = list.size() - 1; index >= 0; index--) {
            boolean[] met = met(list.get(index), batch);
            if (met.length > 0) {
                for (int i = 0; i < classes.length; i++) {
                    if (met[i]) {
                        classes[i] = (byte) (index + 1);
                    }
                }
            }
        }
        return classes;
    }

    /* Empty when no event of the batch meets the rule. */
    private static boolean[] met(RetentionRules.Rule rule, EventBatch batch) {
        boolean[] met = new boolean[batch.count()];
        Arrays.fill(met, true);
        for (Map.Entry<String, String> tag : rule.tags().entrySet()) {
            FieldColumn field = batch.field(FieldSpace.TAG, tag.getKey());
            if (field == null) {
                return new boolean[0];
            }
            keepTag(met, field, tag.getValue().getBytes(StandardCharsets.UTF_8));
        }
        String source = rule.source();
        String level = rule.level();
        if (source != null) {
            keepSource(met, batch.sources(), source.getBytes(StandardCharsets.UTF_8));
        }
        if (level != null) {
            keepLevel(met, batch.levels(), level.toLowerCase(Locale.ROOT));
        }
        return met;
    }

    private static void keepTag(boolean[] met, FieldColumn field, byte[] wanted) {
        boolean[] has = new boolean[met.length];
        for (int i = 0; i < field.count(); i++) {
            has[field.rows()[i]] =
                    field.kind(i) == ValueKind.STRING && equals(field.values(), i, wanted);
        }
        for (int i = 0; i < met.length; i++) {
            met[i] &= has[i];
        }
    }

    private static void keepSource(boolean[] met, BytesColumn sources, byte[] wanted) {
        for (int i = 0; i < met.length; i++) {
            met[i] &= equals(sources, i, wanted);
        }
    }

    private static void keepLevel(boolean[] met, BytesColumn levels, String wanted) {
        for (int i = 0; i < met.length; i++) {
            String text = met[i] ? levels.text(i) : null;
            met[i] = text != null && text.toLowerCase(Locale.ROOT).equals(wanted);
        }
    }

    private static boolean equals(BytesColumn column, int index, byte[] wanted) {
        return !column.isNull(index)
                && Arrays.equals(
                        column.data(),
                        column.start(index),
                        column.end(index),
                        wanted,
                        0,
                        wanted.length);
    }
}
