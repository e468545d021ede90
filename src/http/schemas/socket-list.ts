import * as calls from "../../calls/socket-view.ts";
import { nameComponent } from "./component.ts";

export const OpenSocket = nameComponent(calls.SocketView, "OpenSocket");
