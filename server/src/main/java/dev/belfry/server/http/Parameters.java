package dev.belfry.server.http;

import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The query of a request against what its endpoint declares. */
final class Parameters {
    private Parameters() {}

    /**
     * The parameters, each with its values in order; those that are empty are left out. Another
     * protocol's may be given twice, and those of which there may be many may be empty: what that
     * means is the protocol's.
     *
     * @throws BelfryException VALIDATION_ERROR on one that is unknown, given twice, or not one of
     *     its words
     */
    static Map<String, List<String>> parse(Endpoint endpoint, ServiceRequestContext context) {
        if (context.query() == null) {
            return Map.of();
        }
        return parse(endpoint, context.queryParams());
    }

    static Map<String, List<String>> parse(Endpoint endpoint, QueryParams given) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        boolean isForeign = endpoint.dialect().isForeign();
        for (String name : given.names()) {
            Optional<Parameter> known =
                    endpoint.parameters().stream()
                            .filter(parameter -> parameter.matches(name))
                            .findFirst();
            if (known.isEmpty() && isForeign) {
                continue;
            }
            Parameter declared = known.orElseThrow(() -> unknown(endpoint, name));
            boolean mayBeEmpty = isForeign && declared.repeats();
            List<String> values =
                    given.getAll(name).stream()
                            .filter(value -> mayBeEmpty || !value.isEmpty())
                            .toList();
            if (values.size() > 1 && !declared.repeats() && !isForeign) {
                throw new BelfryException(
                        ErrorCode.VALIDATION_ERROR,
                        name + ": given " + values.size() + " times (expected: once)");
            }
            if (declared.schema() instanceof Shape.Scalar scalar && !scalar.words().isEmpty()) {
                values.forEach(value -> requireWord(name, value, scalar.words()));
            }
            if (!values.isEmpty()) {
                parameters.put(name, values);
            }
        }
        return parameters;
    }

    private static void requireWord(String name, String value, List<String> words) {
        if (!words.contains(value)) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    name + ": " + value + " (expected: " + String.join(", ", words) + ")");
        }
    }

    private static BelfryException unknown(Endpoint endpoint, String name) {
        String allowed =
                endpoint.parameters().isEmpty()
                        ? "none"
                        : String.join(
                                ", ", endpoint.parameters().stream().map(Parameter::name).toList());
        return new BelfryException(
                ErrorCode.VALIDATION_ERROR, name + ": is no parameter (expected: " + allowed + ")");
    }
}
