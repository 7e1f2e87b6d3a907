import { afterEach, beforeAll, beforeEach, describe, expect } from "vitest";
import * as tf from "@tensorflow/tfjs-core";
import { assertNoGpuErrors, backendNames, read, useBackend, type BackendName } from "tfmc/runtime";

/**
 * The same tests on each backend. A test leaves no tensor behind: whatever it makes, it makes within `tf.tidy`, in
 * `numbers`, or disposes.
 */
export function onEveryBackend(title: string, tests: (backend: BackendName) => void): void {
  describe.each(backendNames)(`${title} on %s`, (backend) => {
    beforeAll(async () => {
      await useBackend(backend);
    });
    let before = 0;
    beforeEach(() => {
      before = tf.memory().numTensors;
    });
    afterEach(() => {
      assertNoGpuErrors();
      expect(tf.memory().numTensors, "tensors left behind").toBe(before);
    });
    tests(backend);
  });
}

/** The numbers of what `make` gives, and nothing left of it. */
export async function numbers(make: () => tf.Tensor): Promise<number[]> {
  const tensor = tf.tidy(make);
  const values = Array.from(await read(tensor));
  tensor.dispose();
  return values;
}

/** Deterministic, irregular numbers in -1..1. */
export function wave(count: number, seed = 1): number[] {
  return Array.from({ length: count }, (_, index) => Math.sin((index + 1) * (seed * 12.9898 + index * 0.37)));
}

export function waves(shape: readonly number[], seed = 1): tf.Tensor {
  return tf.tensor(
    wave(
      shape.reduce((size, axis) => size * axis, 1),
      seed,
    ),
    [...shape],
  );
}

/** Within `tolerance` of the largest magnitude that is due. */
export function expectClose(actual: ArrayLike<number>, due: ArrayLike<number>, tolerance = 1e-5): void {
  const scale = Array.from(due).reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-3);
  const error = Array.from(due).reduce((worst, value, index) => {
    const difference = Math.abs(value - (actual[index] ?? NaN));
    return Number.isNaN(difference) ? Infinity : Math.max(worst, difference);
  }, 0);
  expect(actual.length).toBe(due.length);
  expect(error / scale, `worst error ${error} of ${scale}`).toBeLessThanOrEqual(tolerance);
}

/** tfjs computes small tensors of WebGPU on the host: in the tests around it, its shaders compute them. */
export function onShaders(backend: BackendName): void {
  if (backend !== "webgpu") return;
  beforeEach(() => tf.env().set("WEBGPU_CPU_FORWARD", false));
  afterEach(() => tf.env().set("WEBGPU_CPU_FORWARD", true));
}
