package org.dl4jplasticity.experiments.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.growth.NewUnits;
import org.dl4jplasticity.surgery.NetworkSurgery;

/** The widths of a network's hidden layers, and networks that have other ones from the start. */
public final class FixedWidths {
    private FixedWidths() {}

    /** {@return the widths of the layers that could grow, by id, in the network's order} */
    public static Map<String, Integer> of(Network network) {
        NetworkSurgery surgery = NetworkSurgery.of(network.model());
        Map<String, Integer> widths = new LinkedHashMap<>();
        surgery.layers().forEach(layer -> widths.put(layer, surgery.width(layer)));
        return widths;
    }

    /**
     * {@return a network of other widths that hasn't learnt anything, with the seed of the given
     * one}
     *
     * @param network whose widths are changed on the way
     * @param widths of the layers that can change, by id
     */
    public static Network fresh(Network network, Map<String, Integer> widths) {
        widths.forEach((layer, width) -> resize(network, layer, width));
        Model model = network.model();
        if (model instanceof MultiLayerNetwork sequence) {
            MultiLayerNetwork fresh =
                    new MultiLayerNetwork(sequence.getLayerWiseConfigurations().clone());
            fresh.init();
            return new Network(fresh);
        }
        ComputationGraph fresh =
                new ComputationGraph(((ComputationGraph) model).getConfiguration().clone());
        fresh.init();
        return new Network(fresh);
    }

    /**
     * {@return a network that hasn't learnt anything, whose layers have all the same width, such
     * that its number of parameters is as near as can be to the one wanted}
     *
     * @param network whose widths are changed on the way
     * @param parameters the number wanted
     */
    public static Network equal(Network network, long parameters) {
        int tooMany = 1;
        while (parameters(network, tooMany) < parameters) {
            tooMany *= 2;
        }
        int tooFew = 1;
        while (tooMany - tooFew > 1) {
            int middle = (tooFew + tooMany) / 2;
            if (parameters(network, middle) < parameters) {
                tooFew = middle;
            } else {
                tooMany = middle;
            }
        }
        long above = parameters(network, tooMany) - parameters;
        long below = parameters - parameters(network, tooFew);
        return fresh(network, equal(network, below < above ? tooFew : tooMany));
    }

    private static long parameters(Network network, int width) {
        equal(network, width).forEach((layer, each) -> resize(network, layer, each));
        return network.parameters();
    }

    private static Map<String, Integer> equal(Network network, int width) {
        Map<String, Integer> widths = of(network);
        widths.replaceAll((layer, before) -> width);
        return widths;
    }

    private static void resize(Network network, String layer, int width) {
        NetworkSurgery surgery = NetworkSurgery.of(network.model());
        int now = surgery.width(layer);
        if (width > now) {
            surgery.widen(layer, width - now, NewUnits.zeroOutgoing(), 0); // drawn anew later
        } else if (width < now) {
            surgery.narrow(layer, IntStream.range(width, now).toArray());
        }
    }
}
