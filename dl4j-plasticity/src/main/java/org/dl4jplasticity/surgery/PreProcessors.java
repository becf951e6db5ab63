package org.dl4jplasticity.surgery;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;

/** What DL4J's preprocessors do to features: everything that is known of their types. */
final class PreProcessors {
    private PreProcessors() {}

    /**
     * {@return what a preprocessor makes of features}
     *
     * @param node whose preprocessor it is
     * @param pre the preprocessor; null for none
     * @throws IllegalArgumentException if nothing is known of its type
     */
    static Features behind(NetworkNode node, InputPreProcessor pre, Features features) {
        if (pre == null) {
            return features;
        }
        if (pre instanceof CnnToFeedForwardPreProcessor flattening) {
            int pixels = Math.toIntExact(flattening.getInputHeight() * flattening.getInputWidth());
            if (pixels == 0) {
                throw WidthPropagation.refusal(
                        node, "its preprocessor doesn't say how large a channel is");
            }
            boolean channelsFirst = flattening.getFormat() == CNN2DFormat.NCHW;
            return channelsFirst ? features.each(pixels) : features.times(pixels);
        } else if (pre instanceof CnnToRnnPreProcessor flattening) {
            return features.each(
                    Math.toIntExact(flattening.getInputHeight() * flattening.getInputWidth()));
        } else if (pre instanceof ComposableInputPreProcessor several) {
            Features behind = features;
            for (InputPreProcessor each : several.getInputPreProcessors()) {
                behind = behind(node, each, behind);
            }
            return behind;
        } else if (pre instanceof RnnToFeedForwardPreProcessor
                || pre instanceof FeedForwardToRnnPreProcessor) {
            return features;
        }
        throw WidthPropagation.refusal(
                node,
                "nothing is known of what a change does to preprocessor "
                        + pre.getClass().getSimpleName());
    }

    /** {@return the preprocessor for another number of channels} */
    static InputPreProcessor resized(InputPreProcessor pre, int channels) {
        if (pre instanceof CnnToFeedForwardPreProcessor before) {
            return new CnnToFeedForwardPreProcessor(
                    before.getInputHeight(), before.getInputWidth(), channels, before.getFormat());
        } else if (pre instanceof CnnToRnnPreProcessor before) {
            return new CnnToRnnPreProcessor(
                    before.getInputHeight(),
                    before.getInputWidth(),
                    channels,
                    before.getRnnDataFormat());
        } else if (pre instanceof ComposableInputPreProcessor several) {
            return new ComposableInputPreProcessor(
                    Arrays.stream(several.getInputPreProcessors())
                            .map(each -> resized(each, channels))
                            .toArray(InputPreProcessor[]::new));
        }
        return pre;
    }
}
