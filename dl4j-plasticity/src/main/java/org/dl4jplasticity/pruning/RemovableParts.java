package org.dl4jplasticity.pruning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.surgery.NetworkOutline;
import org.dl4jplasticity.surgery.NetworkOutline.Part;

/** What can be taken out of an outline of a network, and how. */
final class RemovableParts {

    /** What has as many outputs as inputs where the numbers say so. */
    private static final Set<Class<?>> HEADS =
            Set.of(
                    DenseLayer.class,
                    SparseDenseLayer.class,
                    ConvolutionLayer.class,
                    Convolution2D.class);

    /** What belongs to the layer it comes after. */
    private static final Set<Class<?>> FOLLOWERS =
            Set.of(
                    BatchNormalization.class,
                    ActivationLayer.class,
                    DropoutLayer.class,
                    PReLULayer.class);

    private final NetworkOutline outline;

    RemovableParts(NetworkOutline outline) {
        this.outline = outline;
    }

    /** {@return all by id, in the order of the network} */
    Map<String, Removable> all() {
        Map<String, Removable> all = new LinkedHashMap<>();
        for (Part part : outline.parts().values()) {
            if (obstacle(part).isEmpty()) {
                all.put(part.id(), new Removable(part.id(), block(part)));
            }
            branches(part).forEach(branch -> all.put(branch.id(), branch));
        }
        return all;
    }

    /**
     * Takes a part out.
     *
     * @param id of it
     * @throws IllegalArgumentException if it can't be taken out
     */
    Removable remove(String id) {
        Removable removable = all().get(id);
        if (removable == null) {
            Part part = outline.parts().get(id);
            throw new IllegalArgumentException(
                    part == null
                            ? "expected one of %s, which can be removed, got '%s'"
                                    .formatted(all().keySet(), id)
                            : "%s (%s) can't be removed: %s"
                                    .formatted(
                                            part.node().called(),
                                            part.node().type(),
                                            obstacle(part).orElseThrow()));
        }
        List<String> parts = removable.parts();
        if (id.equals(parts.get(0))) {
            parts.forEach(outline::bypass);
            return removable;
        }
        Part sum = outline.consumers(parts.get(parts.size() - 1)).get(0);
        for (int i = parts.size() - 1; i >= 0; i--) {
            outline.remove(parts.get(i));
        }
        if (outline.part(sum.id()).inputs().size() == 1) {
            outline.bypass(sum.id());
        }
        return removable;
    }

    /** {@return why a layer can't go with what belongs to it; empty if it can} */
    private Optional<String> obstacle(Part part) {
        if (!part.node().isLayer() || !HEADS.contains(part.node().layerConf().getClass())) {
            return Optional.of(
                    "it is none of the layers known to have outputs of the shape of their inputs: dense, sparse and convolution layers");
        }
        Optional<String> otherShape = otherShape(part.node().layerConf());
        if (otherShape.isPresent()) {
            return otherShape;
        }
        List<String> block = block(part);
        String last = block.get(block.size() - 1);
        Part end = outline.part(last);
        if (end.node().isOutput()) {
            return Optional.of("its output is one of the network");
        }
        String input = part.inputs().get(0);
        for (Part consumer : outline.consumers(last)) {
            if (consumer.inputs().contains(input)) {
                return Optional.of(
                        "%s gets its input as well; a residual branch goes as a whole, as %s/%s"
                                .formatted(consumer.node().called(), consumer.id(), last));
            }
            if (!part.preProcessors().isEmpty() && !consumer.node().isLayer()) {
                return Optional.of(
                        "its preprocessor can't be given to %s, which is no layer"
                                .formatted(consumer.node().called()));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> otherShape(Layer layer) {
        FeedForwardLayer sized = (FeedForwardLayer) layer;
        if (sized.getNIn() != sized.getNOut()) {
            return Optional.of(
                    "expected as many outputs as inputs, got %d inputs and %d outputs"
                            .formatted(sized.getNIn(), sized.getNOut()));
        }
        if (layer instanceof ConvolutionLayer convolution && !keepsSize(convolution)) {
            return Optional.of(
                    "expected a convolution whose outputs are as high and wide as its inputs, got kernel %s, stride %s, padding %s, mode %s"
                            .formatted(
                                    Arrays.toString(convolution.getKernelSize()),
                                    Arrays.toString(convolution.getStride()),
                                    Arrays.toString(convolution.getPadding()),
                                    convolution.getConvolutionMode()));
        }
        return Optional.empty();
    }

    private static boolean keepsSize(ConvolutionLayer layer) {
        if (Arrays.stream(layer.getStride()).anyMatch(stride -> stride != 1)) {
            return false;
        }
        boolean keeps = true;
        for (int axis = 0; axis < 2; axis++) {
            int reach = layer.getDilation()[axis] * (layer.getKernelSize()[axis] - 1);
            keeps &= reach == 2 * layer.getPadding()[axis];
        }
        return keeps || layer.getConvolutionMode() == ConvolutionMode.Same;
    }

    /** {@return a layer and what belongs to it} */
    private List<String> block(Part head) {
        List<String> block = new ArrayList<>(List.of(head.id()));
        Part last = head;
        while (true) {
            List<Part> consumers = outline.consumers(last.id());
            if (consumers.size() != 1 || last.node().isOutput() || !belongs(consumers.get(0))) {
                return block;
            }
            last = consumers.get(0);
            block.add(last.id());
        }
    }

    private static boolean belongs(Part part) {
        return part.node().isLayer()
                && FOLLOWERS.contains(part.node().layerConf().getClass())
                && part.preProcessors().isEmpty()
                && !part.node().isOutput();
    }

    /** {@return the branches added at a vertex whose input is added beside them} */
    private List<Removable> branches(Part sum) {
        List<Removable> branches = new ArrayList<>();
        boolean adds =
                sum.node().vertex() instanceof ElementWiseVertex vertex
                        && vertex.getClass() == ElementWiseVertex.class
                        && vertex.getOp() == ElementWiseVertex.Op.Add;
        if (!adds || sum.node().isOutput()) {
            return branches;
        }
        for (String end : sum.inputs()) {
            List<String> branch = onlyFor(sum, end);
            if (!branch.isEmpty() && isResidual(sum, branch)) {
                branches.add(new Removable(sum.id() + "/" + end, branch));
            }
        }
        return branches;
    }

    /** {@return whether all that a branch gets is one output, which is added beside the branch} */
    private boolean isResidual(Part sum, List<String> branch) {
        Set<String> sources = new HashSet<>();
        branch.forEach(id -> sources.addAll(outline.part(id).inputs()));
        branch.forEach(sources::remove);
        return sources.size() == 1 && sum.inputs().containsAll(sources);
    }

    /** {@return what nobody gets but a sum, through one of its inputs; empty if there is none} */
    private List<String> onlyFor(Part sum, String end) {
        boolean once = sum.inputs().stream().filter(end::equals).count() == 1;
        List<String> found = new ArrayList<>();
        List<String> parts = new ArrayList<>(outline.parts().keySet());
        for (int i = parts.indexOf(end); once && i >= 0; i--) {
            Part part = outline.part(parts.get(i));
            List<Part> consumers = outline.consumers(part.id());
            boolean inside =
                    part.id().equals(end)
                            ? consumers.size() == 1
                            : !consumers.isEmpty()
                                    && consumers.stream()
                                            .allMatch(each -> found.contains(each.id()));
            if (inside && !part.node().isOutput()) {
                found.add(0, part.id());
            }
        }
        return found;
    }
}
