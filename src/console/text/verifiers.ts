/* Programs that verify a delivery, in four languages. Pure. */
export const verifiers: Readonly<Record<string, string>> = {
  JavaScript: `// npm install standardwebhooks
import { Webhook } from "standardwebhooks";

const event = new Webhook(process.env.WEBHOOK_SECRET).verify(body, headers);`,
  Python: `# pip install standardwebhooks
from standardwebhooks import Webhook

event = Webhook(os.environ["WEBHOOK_SECRET"]).verify(body, headers)`,
  Go: `// go get github.com/standard-webhooks/standard-webhooks/libraries/go
wh, err := standardwebhooks.NewWebhook(os.Getenv("WEBHOOK_SECRET"))
err = wh.Verify(body, request.Header)`,
  PHP: `// composer require standard-webhooks/standard-webhooks
$webhook = new \\StandardWebhooks\\Webhook(getenv("WEBHOOK_SECRET"));
$event = $webhook->verify($body, $headers);`,
};
