/** A prefix in a container at Azure as a storage. */
import type { ObjectAddress } from "../objects/address.ts";
import { type ObjectPage, objectStorage, type ObjectStorageOptions, withoutQuotes } from "../objects/object_storage.ts";
import { StoreClient } from "../objects/store_client.ts";
import { childrenOf, parseXml, textOf, type XmlElement } from "../objects/xml.ts";
import type { Storage } from "../storage.ts";
import { AzureProtocol } from "./azure_protocol.ts";
import type { AzureSettings } from "./azure_settings.ts";
import { BlockUpload, PUT_HEADERS } from "./blocks.ts";

export function azureStorage(place: ObjectAddress, settings: AzureSettings, options: ObjectStorageOptions): Storage {
  const client = new StoreClient(new AzureProtocol(place.bucket, settings), options);
  return objectStorage(place, {
    client,
    missingCode: "BlobNotFound",
    putHeaders: PUT_HEADERS,
    listRequest: (prefix, marker) => ({
      key: "",
      query: { restype: "container", comp: "list", prefix, ...(marker === undefined ? {} : { marker }) },
    }),
    readPage,
    parts: (object) => new BlockUpload(client, object),
    endpointHint: "check AZURE_STORAGE_ACCOUNT, or the endpoint of AZURE_STORAGE_CONNECTION_STRING",
  }, options);
}

function readPage(text: string): ObjectPage | undefined {
  const root = parseXml(text);
  const blobs = root?.children.find(({ name }) => name === "Blobs");
  if (root?.name !== "EnumerationResults" || blobs === undefined) return undefined;
  const objects = childrenOf(blobs, "Blob").flatMap((blob) => {
    const properties = blob.children.find(({ name }) => name === "Properties");
    // Accounts with folders of their own list these too.
    if (properties === undefined || textOf(properties, "ResourceType") === "directory") return [];
    return [{
      key: nameOf(blob),
      sizeBytes: Number(textOf(properties, "Content-Length")),
      version: withoutQuotes(textOf(properties, "Etag") ?? ""),
    }];
  });
  return { objects, next: textOf(root, "NextMarker") || undefined };
}

/** A name that XML cannot hold comes encoded, and says so. */
function nameOf(blob: XmlElement): string {
  const name = blob.children.find((child) => child.name === "Name");
  if (name === undefined) return "";
  return /\bEncoded\s*=\s*["']true["']/i.test(name.attributes) ? decodeURIComponent(name.text) : name.text;
}
