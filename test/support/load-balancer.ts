import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** Of nobody: made for these tests, good for a hundred years. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQggwQ2k4NazXvtk92c
8BnV272+ezl6IgF+OEOPZn4aazGhRANCAATDjaxHCUSstUOubczmezqyXGGGxnU1
ybFyA7OYHDB5IJVcR/DG+amp2T8+8byBFprzl1UEPZNb1pTMPUV1O3Co
-----END PRIVATE KEY-----
`
const CERT = `-----BEGIN CERTIFICATE-----
MIIBeDCCAR+gAwIBAgIUcsV1gMstr8C4P09Vt257VA5Eq0YwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGdmlld2VyMCAXDTI2MTEyNjA0MTc0MFoYDzIxMjYxMTAyMDQx
NzQwWjARMQ8wDQYDVQQDDAZ2aWV3ZXIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AATDjaxHCUSstUOubczmezqyXGGGxnU1ybFyA7OYHDB5IJVcR/DG+amp2T8+8byB
Fprzl1UEPZNb1pTMPUV1O3Coo1MwUTAdBgNVHQ4EFgQUvp3F6vXMk3B9XhwLTBc0
G52rbjcwHwYDVR0jBBgwFoAUvp3F6vXMk3B9XhwLTBc0G52rbjcwDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiAxa/Ng4uGbxOETeoRjtFKJ1jASFgiT
8sSnIYhlZterCAIgMnjqGd4R12jUdVxAFq7qOGWzpJEmYb0Qafxua/JXaK8=
-----END CERTIFICATE-----
`

/** A load balancer that answers every request like this; gives its address. */
export async function answering(
  status: number,
  headers: Record<string, string>,
): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer({ key: KEY, cert: CERT }, (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(status, headers).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}
