package io.kindling.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx2;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_amx;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_fp16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_vnni;
import static org.bytedeco.dnnl.global.dnnl.dnnl_engine_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_deterministic;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_scratchpad_mode;
import static org.bytedeco.dnnl.global.dnnl.dnnl_scratchpad_mode_user;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_default_flags;
import static org.bytedeco.dnnl.global.dnnl.dnnl_version;

import java.io.File;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.javacpp.Loader;

/** The loaded library: one engine, stream and set of attributes for the process. */
final class OneDnn {
  private static dnnl_engine engine;
  private static dnnl_stream stream;
  private static dnnl_primitive_attr attributes;
  private static int instructionSet;

  private OneDnn() {}

  /**
   * Loads the native libraries.
   *
   * @throws LinkageError or RuntimeException if that fails
   */
  static synchronized void load() {
    if (engine != null) {
      return;
    }
    OpenMp.sleepWhenIdle();
    // JavaCPP counts the whole process's memory against four times the heap and then waits and
    // throws; Kindling's allocator has its own limit.
    setUnlessSet("org.bytedeco.javacpp.maxBytes");
    setUnlessSet("org.bytedeco.javacpp.maxPhysicalBytes");
    String library = Loader.load(org.bytedeco.dnnl.global.dnnl.class);
    OpenMp.find(new File(library).getParentFile());
    dnnl_engine created = new dnnl_engine();
    Status.check(dnnl_engine_create(created, dnnl_cpu, 0), "dnnl_engine_create");
    stream = new dnnl_stream();
    Status.check(
        dnnl_stream_create(stream, created, dnnl_stream_default_flags), "dnnl_stream_create");
    attributes = new dnnl_primitive_attr();
    Status.check(dnnl_primitive_attr_create(attributes), "dnnl_primitive_attr_create");
    Status.check(
        dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user),
        "dnnl_primitive_attr_set_scratchpad_mode");
    // The same input gives the same bits.
    Status.check(
        dnnl_primitive_attr_set_deterministic(attributes, 1),
        "dnnl_primitive_attr_set_deterministic");
    instructionSet = dnnl_get_effective_cpu_isa();
    engine = created;
  }

  private static void setUnlessSet(String property) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, "0");
    }
  }

  static dnnl_engine engine() {
    return engine;
  }

  static dnnl_stream stream() {
    return stream;
  }

  /** Work memory comes from the caller; results are deterministic. */
  static dnnl_primitive_attr attributes() {
    return attributes;
  }

  /** Whether the processor is fit for bfloat16: without it oneDNN's kernels are references. */
  static boolean hasBfloat16() {
    return has(dnnl_cpu_isa_avx512_core_bf16);
  }

  /** Version, instruction set and threading. */
  static String description() {
    dnnl_version_t version = dnnl_version();
    return "oneDNN "
        + version.major()
        + "."
        + version.minor()
        + "."
        + version.patch()
        + " with "
        + instructionSetName()
        + ", "
        + (OpenMp.isFound() ? "OpenMP threads (libgomp)" : "OpenMP threads, their number fixed");
  }

  private static String instructionSetName() {
    if (has(dnnl_cpu_isa_avx512_core_amx)) {
      return "AVX-512 and AMX";
    }
    if (has(dnnl_cpu_isa_avx512_core_fp16)) {
      return "AVX-512 with float16";
    }
    if (has(dnnl_cpu_isa_avx512_core_bf16)) {
      return "AVX-512 with bfloat16";
    }
    if (has(dnnl_cpu_isa_avx512_core_vnni)) {
      return "AVX-512 with VNNI";
    }
    if (has(dnnl_cpu_isa_avx512_core)) {
      return "AVX-512";
    }
    return has(dnnl_cpu_isa_avx2) ? "AVX2" : "instruction set " + instructionSet;
  }

  /** The constants are sets of bits, each containing those of its predecessors. */
  private static boolean has(int wanted) {
    return (instructionSet & wanted) == wanted;
  }
}
