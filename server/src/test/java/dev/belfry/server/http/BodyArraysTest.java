package dev.belfry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BodyArraysTest {
    private static final int KIB = 1 << 10;

    @Test
    void givenArray_isTakenAgainForABodyOfLikeLength() {
        BodyArrays arrays = new BodyArrays(1024 * KIB);
        byte[] first = arrays.take(350 * KIB);
        assertThat(first).hasSize(384 * KIB);
        arrays.give(first);
        assertThat(arrays.take(330 * KIB)).isSameAs(first);
        assertThat(arrays.take(330 * KIB)).isNotSameAs(first);
    }

    @Test
    void smallAndHugeArrays_areNotKept() {
        BodyArrays arrays = new BodyArrays(1 << 30);
        for (int length : new int[] {0, 1, 64 * KIB - 1, (8192 * KIB) + 1}) {
            byte[] first = arrays.take(length);
            assertThat(first).hasSize(length);
            arrays.give(first);
            if (length > 0) {
                assertThat(arrays.take(length)).isNotSameAs(first);
            }
        }
    }

    @Test
    void whatIsKept_isBounded_andOtherLengthsMakeRoom() {
        BodyArrays arrays = new BodyArrays(256 * KIB);
        byte[] one = arrays.take(128 * KIB);
        byte[] two = arrays.take(128 * KIB);
        byte[] three = arrays.take(128 * KIB);
        arrays.give(one);
        arrays.give(two);
        arrays.give(three);
        assertThat(arrays.take(128 * KIB)).isSameAs(two);
        byte[] other = arrays.take(256 * KIB);
        arrays.give(other);
        assertThat(arrays.take(256 * KIB)).isSameAs(other);
        assertThat(arrays.take(128 * KIB)).isNotSameAs(one);
    }

    @Test
    void lengthsThatAreInUse_keepTheirArrays_whenAnotherNeedsALittleRoom() {
        BodyArrays arrays = new BodyArrays(1024 * KIB);
        byte[] stale = arrays.take(256 * KIB);
        byte[] one = arrays.take(384 * KIB);
        byte[] two = arrays.take(384 * KIB);
        byte[] small = arrays.take(64 * KIB);
        arrays.give(stale);
        arrays.give(one);
        arrays.give(two);
        arrays.give(small);
        assertThat(arrays.take(256 * KIB)).isNotSameAs(stale);
        assertThat(arrays.take(64 * KIB)).isSameAs(small);
        assertThat(arrays.take(384 * KIB)).isSameAs(two);
        assertThat(arrays.take(384 * KIB)).isSameAs(one);
    }
}
