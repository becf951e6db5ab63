package org.dl4jplasticity.datasets;

/** Hears how a fetch goes. Called by the thread that fetches; one item at a time. */
public interface ProgressListener {

    /** Hears everything and says nothing. */
    ProgressListener SILENT =
            new ProgressListener() {
                @Override
                public void told(String sentence) {}

                @Override
                public void started(String item, long bytes) {}

                @Override
                public void advanced(long bytesSoFar) {}

                @Override
                public void finished() {}
            };

    /**
     * Something happened that a user may want to read, such as a source that failed.
     *
     * @param sentence one line
     */
    void told(String sentence);

    /**
     * A download or another long step begins.
     *
     * @param item what is fetched
     * @param bytes how many bytes it has, -1 when that isn't known
     */
    void started(String item, long bytes);

    /**
     * Some of the step is done.
     *
     * @param bytesSoFar bytes of the item received so far
     */
    void advanced(long bytesSoFar);

    /** The step has ended, well or not. */
    void finished();
}
