/**
 * Errors that arrive after the call that caused them. A faulty WGSL program does not throw: its outputs read as zeros and
 * the device reports the error later. Such errors are remembered here and thrown at the next place that waits.
 */
import type * as tf from "@tensorflow/tfjs-core";
import { webgpuBackend } from "./webgpu-backend.js";

let fault: Error | undefined;
const pending = new Set<Promise<void>>();

/** Remembers the first error of the device, its loss included. */
export function watchDevice(device: GPUDevice): void {
  device.addEventListener("uncapturederror", (event) => {
    remember(new Error(`webgpu: ${event.error.message}`));
  });
  void device.lost.then((info) => {
    if (info.reason !== "destroyed") remember(new Error(`webgpu: the device was lost: ${info.message}`));
  });
}

/** Remembers the error of a check that could not be made at once. */
export function deferCheck(check: Promise<void>): void {
  const settled = check
    .catch((error: unknown) => remember(error instanceof Error ? error : new Error(String(error))))
    .finally(() => pending.delete(settled));
  pending.add(settled);
}

/** @throws the first remembered error, once. */
export function assertNoGpuErrors(): void {
  const error = fault;
  fault = undefined;
  if (error) throw error;
}

/**
 * A tensor's numbers, row-major.
 *
 * @throws Error if the device has reported an error by the time that the numbers are here.
 */
export async function read(tensor: tf.Tensor): Promise<Float32Array | Int32Array | Uint8Array> {
  const values = await tensor.data();
  // The device reports errors in order with finished work, and the numbers may have come without its help.
  await webgpuBackend()?.device.queue.onSubmittedWorkDone();
  await Promise.all(pending);
  assertNoGpuErrors();
  return values;
}

function remember(error: Error): void {
  fault ??= error;
}
