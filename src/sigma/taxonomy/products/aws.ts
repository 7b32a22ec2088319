import type { ProductLogSource } from "./product.ts";

/** Fields of CloudTrail records: AWS's CloudTrail record reference; the ECS of Elastic's `aws` integration. */
export const AWS: readonly ProductLogSource[] = [
  {
    names: ["aws/-/cloudtrail"],
    datasets: ["aws.cloudtrail"],
    shapes: [{ has: ["eventSource", "eventName", "awsRegion"] }],
    fields: {
      eventName: ["event.action"],
      eventSource: ["event.provider"],
      awsRegion: ["cloud.region"],
      sourceIPAddress: ["source.address", "source.ip"],
      userAgent: ["user_agent.original"],
      requestID: ["aws.cloudtrail.request_id"],
      eventID: ["event.id"],
      recipientAccountId: ["aws.cloudtrail.recipient_account_id", "cloud.account.id"],
      "userIdentity.userName": ["user.name"],
      "userIdentity.principalId": ["user.id"],
      "userIdentity.accountId": ["cloud.account.id"],
      // What each service names itself; Elastic keeps it as one text as well, which the general place finds.
      requestParameters: [
        { kind: "object", field: "requestParameters" },
        { kind: "object", field: "aws.cloudtrail.flattened.request_parameters" },
      ],
      responseElements: [
        { kind: "object", field: "responseElements" },
        { kind: "object", field: "aws.cloudtrail.flattened.response_elements" },
      ],
      "additionalEventData.MFAUsed": [
        {
          kind: "words",
          field: "aws.cloudtrail.console_login.additional_eventdata.mfa_used",
          words: { Yes: ["true"], No: ["false"] },
        },
      ],
      "additionalEventData.MobileVersion": ["aws.cloudtrail.console_login.additional_eventdata.mobile_version"],
      "additionalEventData.LoginTo": ["aws.cloudtrail.console_login.additional_eventdata.login_to"],
    },
    places: [
      // Elastic flattens what each service names itself; the names in it stay.
      { under: "requestParameters.", prefix: "aws.cloudtrail.flattened.request_parameters." },
      { under: "responseElements.", prefix: "aws.cloudtrail.flattened.response_elements." },
      { under: "additionalEventData.", prefix: "aws.cloudtrail.flattened.additional_eventdata." },
      { under: "serviceEventDetails.", prefix: "aws.cloudtrail.flattened.service_event_details." },
      { prefix: "aws.cloudtrail.", spelling: "snake" },
    ],
  },
];
