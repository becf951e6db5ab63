package org.dl4jplasticity.surgery;

import java.util.List;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * The units of one layer, neurons or channels, as the rows and columns of parameters they are. A
 * layer whose output is added to that of others shares its units with them, which then have one
 * group of incoming weights per layer.
 *
 * @param count the number of units
 * @param layers the configurations of the layers whose units they are, without wrappers
 * @param between the configurations of the layers without weights between them and the next layers
 *     with weights, batch normalization among them
 * @param incoming the weights that lead to the units; a recurrent layer's own among them
 * @param biases the units' biases
 * @param passing what belongs to each unit on the way to the next layers: the parameters of batch
 *     normalization, the gains of layer normalization, learned slopes
 * @param outgoing the weights that lead from the units to other layers; for a recurrent layer those
 *     to itself too
 */
public record Units(
        int count,
        List<Layer> layers,
        List<Layer> between,
        List<UnitVectors> incoming,
        List<UnitVectors> biases,
        List<UnitVectors> passing,
        List<UnitVectors> outgoing) {}
