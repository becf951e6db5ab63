package org.dl4jplasticity.pruning;

import java.util.List;
import org.dl4jplasticity.surgery.Resized;

/**
 * What a {@link Narrowing} did.
 *
 * @param resized what was removed, in the order in which it happened. A layer may be there more
 *     than once: units are then numbered as they were before each change.
 * @param left units that would have gone, and stayed
 */
public record Narrowed(List<Resized> resized, List<Left> left) {

    /**
     * Copies the lists.
     *
     * @param resized what was removed
     * @param left what stayed
     */
    public Narrowed {
        resized = List.copyOf(resized);
        left = List.copyOf(left);
    }

    /**
     * A unit that couldn't go without a change of the outputs.
     *
     * @param layerId its layer, the first of those that share it
     * @param unit its number in the end
     * @param reason why it stayed
     */
    public record Left(String layerId, int unit, String reason) {}

    /** {@return the number of units that are gone} */
    public int removed() {
        return resized.stream().mapToInt(each -> each.change().removed().length).sum();
    }
}
