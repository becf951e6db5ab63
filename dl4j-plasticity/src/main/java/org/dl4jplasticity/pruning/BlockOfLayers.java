package org.dl4jplasticity.pruning;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dl4jplasticity.surgery.NetworkOutline;
import org.dl4jplasticity.surgery.NetworkOutline.Part;

/**
 * All that lies on the paths from one part of a network to another, the latter with it.
 *
 * @param origin id of what is before the block, an input of the network perhaps
 * @param destination id of the last of the block
 */
record BlockOfLayers(String origin, String destination) {

    /**
     * {@return the ids of what it consists of, in the order of the network}
     *
     * @throws IllegalArgumentException if there is nothing, an output of the network, or a path
     *     that enters or leaves elsewhere
     */
    List<String> parts(NetworkOutline outline) {
        Part end = outline.part(destination);
        Set<String> after = new HashSet<>(Set.of(origin));
        for (Part part : outline.parts().values()) {
            if (part.inputs().stream().anyMatch(after::contains)) {
                after.add(part.id());
            }
        }
        List<String> block = new ArrayList<>();
        Set<String> before = new HashSet<>(Set.of(destination));
        List<Part> all = new ArrayList<>(outline.parts().values());
        for (int i = all.size() - 1; i >= 0; i--) {
            Part part = all.get(i);
            if (before.contains(part.id()) && !part.id().equals(origin)) {
                before.addAll(part.inputs());
                if (after.contains(part.id())) {
                    block.add(0, part.id());
                }
            }
        }
        if (block.isEmpty() || !after.contains(destination) || origin.equals(destination)) {
            throw refusal(
                    "expected a destination that comes after the origin, got none of the layers and vertices %s that does"
                            .formatted(outline.parts().keySet()));
        }
        if (end.node().isOutput()) {
            throw refusal("the destination is an output of the network");
        }
        for (String id : block) {
            requireInside(outline, block, outline.part(id));
        }
        return block;
    }

    private void requireInside(NetworkOutline outline, List<String> block, Part part) {
        for (String input : part.inputs()) {
            if (!input.equals(origin) && !block.contains(input)) {
                throw refusal(
                        "%s gets the output of %s, which isn't on a path between the two"
                                .formatted(part.node().called(), input));
            }
        }
        if (part.node().isOutput()) {
            throw refusal(part.node().called() + ", between the two, is an output of the network");
        }
        for (Part consumer : outline.consumers(part.id())) {
            if (!part.id().equals(destination) && !block.contains(consumer.id())) {
                throw refusal(
                        "%s, which isn't on a path between the two, gets the output of %s"
                                .formatted(consumer.node().called(), part.id()));
            }
        }
    }

    /** {@return what to throw where no translator can stand for the block} */
    IllegalArgumentException refusal(String why) {
        return new IllegalArgumentException(
                "no translator from '%s' to '%s': %s".formatted(origin, destination, why));
    }
}
