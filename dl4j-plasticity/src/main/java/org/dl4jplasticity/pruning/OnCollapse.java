package org.dl4jplasticity.pruning;

import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;

/** What pruning does when a layer would be left without a connection. */
public sealed interface OnCollapse {

    /**
     * {@return no layer is emptied: the best block of each weight matrix and kernel stays whatever
     * its score, in place of the worst that would have stayed} That a path through the network is
     * left isn't made sure of: {@link LayerCollapse#in} tells.
     */
    static OnCollapse prevent() {
        return new Prevent();
    }

    /**
     * {@return the scores decide, and a network that would fall apart, as {@link LayerCollapse} has
     * it, is refused with a sentence and left as it is}
     *
     * @param inputs the types of the network's inputs, in their order; may be left out if each goes
     *     to a dense layer or is a flattened image
     */
    static OnCollapse report(InputType... inputs) {
        return new Report(List.of(inputs));
    }

    /** See {@link #prevent()}. */
    record Prevent() implements OnCollapse {}

    /**
     * See {@link #report(InputType...)}.
     *
     * @param inputs the types of the network's inputs; may be empty
     */
    record Report(List<InputType> inputs) implements OnCollapse {

        /**
         * Copies the list.
         *
         * @param inputs the types of the network's inputs; may be empty
         */
        public Report {
            inputs = List.copyOf(inputs);
        }
    }
}
