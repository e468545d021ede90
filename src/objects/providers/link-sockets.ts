import type { ProviderSocket } from "./socket.ts";

/**
 * Which of a link's sockets one is: the current one, its successor, or one that is not listened to.
 */
export type Role = "current" | "successor" | "none";

/**
 * The sockets of one link: the current one, the one that is to take over from it, and the one that
 * was taken over from, for as long as something may be on its way there.
 */
export class LinkSockets {
  #current: ProviderSocket | null = null;
  #successor: ProviderSocket | null = null;
  #leaving: ProviderSocket | null = null;

  get current(): ProviderSocket | null {
    return this.#current;
  }

  get hasSuccessor(): boolean {
    return this.#successor !== null;
  }

  add(socket: ProviderSocket, role: Exclude<Role, "none">): void {
    if (role === "successor") this.#successor = socket;
    else this.#current = socket;
  }

  roleOf(socket: ProviderSocket): Role {
    if (socket === this.#current) return "current";
    return socket === this.#successor ? "successor" : "none";
  }

  /**
   * The successor is the current one from here on. What a provider hands over it may tell on either
   * socket: then the old one is heard to its end.
   */
  takeOver(isHandedOver: boolean): void {
    this.#leaving?.hangUp();
    this.#leaving = null;
    if (isHandedOver) {
      this.#leaving = this.#current;
      this.#leaving?.leave();
    } else {
      this.#current?.hangUp();
    }
    this.#current = this.#successor;
    this.#successor = null;
  }

  /** One has ended. A successor on its way moves up, ready or not. */
  remove(socket: ProviderSocket): void {
    const role = this.roleOf(socket);
    if (role === "none") return;
    if (role === "current") this.#current = this.#successor;
    this.#successor = null;
  }

  hangUp(): void {
    const sockets = [this.#current, this.#successor, this.#leaving];
    this.#current = null;
    this.#successor = null;
    this.#leaving = null;
    for (const socket of sockets) socket?.hangUp();
  }
}
