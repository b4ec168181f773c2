package io.kindling.autograd;

import io.kindling.AutogradException;
import io.kindling.amp.Autocast;
import io.kindling.memory.Scope;
import io.kindling.op.MatmulPrecision;
import io.kindling.op.ThreadState;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One call under {@link Checkpoint}. The first run counts what the nodes save and keeps none of it;
 * when a node asks, the function runs again and what is saved now is kept by its number.
 *
 * <p>The inputs are themselves saved as a node would save them: inside another checkpoint, they are
 * numbers of that one.
 */
final class Recomputation implements SavedTensorsHooks {
  private final Function<List<Tensor>, List<Tensor>> function;
  private final boolean[] required;
  private final SavedTensor[] inputs;
  private final List<Generator> generators = new ArrayList<>();
  private final List<Generator.State> states = new ArrayList<>();
  private final MatmulPrecision precision;
  private final Autocast region;
  private final Map<Integer, SavedTensor> again = new HashMap<>();
  private int count;
  private int held;
  private boolean running = true;

  Recomputation(
      Function<List<Tensor>, List<Tensor>> function, List<Tensor> given, Generator... generators) {
    this.function = function;
    this.generators.add(Generator.defaultGenerator());
    this.generators.addAll(List.of(generators));
    this.generators.forEach(generator -> states.add(generator.state()));
    this.precision = ThreadState.current().matmulPrecision;
    this.region = ThreadState.current().autocast;
    this.required = new boolean[given.size()];
    this.inputs = new SavedTensor[given.size()];
    Recording recording = ThreadState.current().recording;
    boolean done = false;
    try {
      for (int i = 0; i < inputs.length; i++) {
        required[i] = given.get(i).requiresGrad();
        inputs[i] = new SavedTensor(given.get(i), null);
      }
      if (recording != null && recording.hooks() != null) {
        Node.pack(inputs, recording.hooks());
      }
      done = true;
    } finally {
      if (!done) {
        releaseInputs();
      }
    }
  }

  /** What stands for a saved tensor. */
  private final class Place implements AutoCloseable {
    private final int number;

    Place(int number) {
      this.number = number;
    }

    @Override
    public void close() {
      letGo(number);
    }
  }

  /** Ends a second run that has done its work. An Error, so that no function's catch stops it. */
  private static final class Enough extends Error {
    private static final long serialVersionUID = 1L;
    private final transient Recomputation of;

    Enough(Recomputation of) {
      super("all that was saved is there again", null, false, false);
      this.of = of;
    }
  }

  List<Tensor> first(List<Tensor> given) {
    try (RecordingScope packing = Recording.packing(this)) {
      return function.apply(given);
    } finally {
      end();
    }
  }

  private synchronized void end() {
    running = false;
    // A generator that was not used is left alone: other threads may draw from it during backward.
    for (int i = generators.size() - 1; i >= 0; i--) {
      if (generators.get(i).state().equals(states.get(i))) {
        generators.remove(i);
        states.remove(i);
      }
    }
    releaseUnheld();
  }

  @Override
  public synchronized Object pack(Tensor tensor) {
    held++;
    return new Place(count++);
  }

  @Override
  public synchronized Tensor unpack(Object packed) {
    int number = ((Place) packed).number;
    if (!again.containsKey(number)) {
      recompute();
    }
    SavedTensor saved = again.remove(number);
    try {
      // From here on it belongs to whoever asked: the handle ends with the node's turn.
      return saved.handle("checkpoint", "saved tensor", number);
    } finally {
      saved.release();
    }
  }

  private synchronized void letGo(int number) {
    SavedTensor left = again.remove(number);
    if (left != null) {
      left.release();
    }
    held--;
    releaseUnheld();
  }

  private void releaseUnheld() {
    if (held == 0 && !running) {
      again.values().forEach(SavedTensor::release);
      again.clear();
      releaseInputs();
    }
  }

  private void releaseInputs() {
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i] != null) {
        inputs[i].release();
        inputs[i] = null;
      }
    }
  }

  private void recompute() {
    List<Generator.State> now = generators.stream().map(Generator::state).toList();
    ThreadState thread = ThreadState.current();
    MatmulPrecision precisionNow = thread.matmulPrecision;
    setStates(states);
    thread.matmulPrecision = precision;
    Keeping keeping = new Keeping();
    try (Scope scope = Scope.open();
        Autocast as = Autocast.like(region);
        InferenceMode off = Autograd.inferenceMode(false);
        RecordingScope packing = Recording.packing(keeping)) {
      var unused = function.apply(leaves()); // what it saves is wanted, not what it returns
    } catch (Enough enough) {
      if (enough.of != this) {
        throw enough;
      }
    } finally {
      thread.matmulPrecision = precisionNow;
      setStates(now);
    }
    if (keeping.kept < count) {
      throw new AutogradException(
          "checkpoint: the function saved "
              + count
              + " tensors when it ran first and "
              + keeping.kept
              + " when it ran again for backward; it must do the same both times");
    }
  }

  private void setStates(List<Generator.State> all) {
    for (int i = 0; i < all.size(); i++) {
      generators.get(i).setState(all.get(i));
    }
  }

  private List<Tensor> leaves() {
    List<Tensor> leaves = new ArrayList<>();
    for (int i = 0; i < inputs.length; i++) {
      Tensor input = inputs[i].handle("checkpoint", "input", i);
      leaves.add(required[i] ? input.requiresGrad_() : input);
    }
    return leaves;
  }

  /** The second run's hooks: its own graph keeps its tensors as ever, for it may be used within. */
  private final class Keeping implements SavedTensorsHooks {
    private int kept;

    @Override
    public Object pack(Tensor tensor) {
      SavedTensor before = again.put(kept++, new SavedTensor(tensor, null));
      if (before != null) {
        before.release();
      }
      if (kept == count && !running) {
        throw new Enough(Recomputation.this);
      }
      return tensor;
    }

    @Override
    public Tensor unpack(Object packed) {
      return (Tensor) packed;
    }
  }
}
