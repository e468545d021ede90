/*
 * Keeps the place of alerts in the browser's profile: by the page itself, for what was given to it
 * and waits has not been played.
 */
import type { PlaceStore } from "../kit/source.ts";
import { findResume, readPlace, type Place } from "./place.ts";

export interface Keeping {
  read(): Place | null;
  write(place: Place): void;
  /** Told of what another page of the same name writes. */
  watch(tell: (place: Place) => void): void;
  readonly store: PlaceStore;
}

/** Keeps a place under a name: in this profile, or in memory where there is no name or no storage. */
export function keepPlace(name: string | null, onPassed: (position: string) => void): Keeping {
  const key = `tributary:${name}`;
  let inMemory: string | null = null;
  const read = (): Place | null => {
    try {
      return readPlace((name && localStorage.getItem(key)) ?? inMemory);
    } catch {
      // No storage here, as in a frame without an origin.
      return readPlace(inMemory);
    }
  };
  return {
    read,
    write(place) {
      inMemory = JSON.stringify(place);
      try {
        if (name !== null) localStorage.setItem(key, inMemory);
      } catch {
        // It is full or there is none: in memory, for as long as the page lives.
      }
    },
    watch(tell) {
      addEventListener("storage", (event) => {
        const place = event.key === key ? readPlace(event.newValue) : null;
        if (place) tell(place);
      });
    },
    store: {
      name: name ?? "",
      load: () => {
        const place = read();
        return place && findResume(place);
      },
      save: (_name, position) => onPassed(position),
    },
  };
}
