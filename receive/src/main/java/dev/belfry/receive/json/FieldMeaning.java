package dev.belfry.receive.json;

/**
 * What the name of a member says about it.
 *
 * @param role which part of an event it is
 * @param rank which of several members of one role is taken: the lowest that fits
 * @param kept whether the member stays a field when it was taken for its role
 * @param tag where it stands as a field: in the tags or in the payload
 * @param strict whether it is a tag also in a line of the form that names its {@code service}
 * @param group whether an object of this name is taken apart into fields with dotted names
 */
public record FieldMeaning(
        FieldRole role, int rank, boolean kept, boolean tag, boolean strict, boolean group) {
    /** A tag whatever its name. */
    static final FieldMeaning TAG = new FieldMeaning(FieldRole.FIXED, 0, false, true, true, false);

    /** A payload field whatever its name. */
    static final FieldMeaning PAYLOAD =
            new FieldMeaning(FieldRole.FIXED, 0, false, false, false, false);

    /** No field: the protocol's decoder reads it. */
    public static final FieldMeaning LEFT_OUT =
            new FieldMeaning(FieldRole.LEFT_OUT, 0, false, false, false, false);

    /** What is a tag in every document. */
    public static FieldMeaning context() {
        return new FieldMeaning(FieldRole.NONE, 0, false, true, true, false);
    }

    /** The best name of {@code role}. */
    public static FieldMeaning best(FieldRole role) {
        return new FieldMeaning(role, -1, false, false, false, false);
    }
}
