// Owns what each published body must become, read against the mapping of each sender. Made once from the plugins and then read line by
// line: a change here is a change of meaning.

export const verdicts: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  alertmanager: {
    "cloudforet-firing.json": ["trigger 469fd6fbb9dbabaa warning 2021-10-12T04:13:01.794Z | Pod has been in a non-ready stat"],
    "dingtalk-demo.json": [
      "trigger labels-06f2741c73a799265afb2304a55a325f warning 2016-04-27T20:46:37.903Z | Oops, something happened!",
      "trigger labels-c89abab14659c07f0b0c31ce37982a86 warning 2016-04-27T20:49:37.903Z | Oops, something happend!",
    ],
    "iris-firing.json": ["trigger labels-51e093650a373956f8647ec32c569dec critical 2017-12-04T09:17:22.804Z | testsummary"],
    "k8s-firing.json": ["trigger fb1ae09cb86a3c47 critical 2022-08-04T09:01:58.100Z | Container testapp-api-worker of "],
    "k8s-resolved.json": ["resolve fb1ae09cb86a3c47 critical 2022-08-04T09:01:58.100Z | Container testapp-api-worker of "],
    "kaval-batch-firing.json": [
      "trigger 9bf3e4d2c17ae8a1 warning 2026-04-07T17:10:00.000Z | Immich storage latency is elevat",
      "trigger ab39f67124e8d0bc warning 2026-04-07T17:10:20.000Z | Redis storage latency is elevate",
    ],
    "kaval-batch-refiring.json": [
      "trigger 9bf3e4d2c17ae8a1 warning 2026-04-07T18:15:00.000Z | Immich storage latency is elevat",
      "trigger ab39f67124e8d0bc warning 2026-04-07T18:15:20.000Z | Redis storage latency is elevate",
    ],
    "kaval-batch-resolved.json": [
      "resolve 9bf3e4d2c17ae8a1 warning 2026-04-07T17:16:00.000Z | Immich storage latency returned ",
      "resolve ab39f67124e8d0bc warning 2026-04-07T17:16:30.000Z | Redis storage latency returned t",
    ],
    "msteams-post.json": [
      "trigger labels-16f17f94374e62c9aa3f1eb950391db6 warning 2018-03-07T11:33:21.873Z | Server High Memory usage",
    ],
    "zulip-batch-same-labels.json": [
      "trigger a1bc48475b20e73d critical 2020-02-06T00:17:58.432Z | High CPU core temperature",
      "trigger c2ea85182f28cbd9 critical 2020-02-06T00:17:58.432Z | High CPU core temperature",
    ],
  },
  "aws-sns": {
    "cloudwatch-alarm.json": [
      "trigger 1234567890/EU (Ireland)/bucketbytesAlarm unknown 2019-02-15T23:53:45.093Z | bucketbytesAlarm",
    ],
    "cloudwatch-insufficient-data.json": ["ignore | the alarm has not enough data"],
    "lambda-envelope-backup-attrs.json": [
      "ignore | a job that completed",
      "trigger text-e1721257e92d504355e253ff85085267 unknown 2019-08-02T18:46:02.788Z | Notification from AWS Backup",
      "trigger text-e1721257e92d504355e253ff85085267 unknown 2019-08-02T18:46:02.788Z | Notification from AWS Backup",
      "trigger text-d2001c666cea0f2ee60ab2122a4a414f unknown 2026-05-19T15:25:00.622Z | Notification from AWS Backup",
    ],
    "lambda-envelope-beanstalk-text.json": [
      "trigger text-d912967aaaf69a54525d871eaa2f0685 unknown 2016-08-11T07:24:05.959Z | AWS Elastic Beanstalk Notificati",
    ],
    "lambda-envelope-cloudwatch-ok.json": [
      "resolve 735598076380/US (Virginia)/DBMigrationRequired unknown 2019-02-12T15:45:24.006Z | DBMigrationRequired",
    ],
    "lambda-envelope-guardduty.json": ["trigger sample-id-2 error - | SAMPLE Unprotected port on EC2 i"],
    "lambda-envelope-metric-math.json": [
      "trigger arn:aws:cloudwatch:REGION:ACCOUNT_NUMBER:alarm:EXAMPLE unknown 2015-06-03T17:43:27.123Z | EXAMPLE",
    ],
    "lambda-envelope-rds-2016.json": [
      "trigger 123456789123/US West - Oregon/awsrds-app-High-DB-Connections unknown 2016-07-24T22:05:19.737Z | awsrds-app-High-DB-Connections",
    ],
    "lambda-envelope-text.json": ["trigger text-96eddce1772de6ef1112ea946fd3db6d unknown 2019-02-12T15:45:24.091Z | All Fine"],
    "raw-delivery-cloudwatch-alarm.json": [
      "trigger 000000000000/EU - Ireland/Example unknown 2017-01-12T16:30:42.236Z | Example",
    ],
    "raw-delivery-health-event.json": [
      "trigger arn:aws:health:us-west-2::event/AWS_EC2_INSTANCE_STORE_DRIVE_PERFORMANCE_DEGRADED_90353408594353980 unknown 2016-06-05T06:27:57.000Z | AWS_EC2_INSTANCE_STORE_DRIVE_PER",
    ],
    "subscription-confirmation.json": ["ignore | about the subscription itself"],
  },
  "azure-monitor": {
    "aspnet-webtest-resolved.json": [
      "resolve /subscriptions/6e0cb82e-37c4-473b-bb45-8b546cfc01b6/resourceGroups/resources/providers/microsoft.insights/alertrules/testazuretestaboutpage-azuretest20170922040158-47970367-464e-4bf0-b870-b72aa668b591 /subscriptions/6e0cb82e-37c4-473b-bb45-8b546cfc01b6/resourceGroups/resources/providers/microsoft.insights/components/AzureTest20170922040158 unknown 2017-12-13T20:53:57.000Z | testazuretestaboutpage-azuretest",
    ],
    "classic-metric-activated.json": [
      "trigger /subscriptions/s1/resourceGroups/useast/providers/microsoft.insights/alertrules/ruleName1 /subscriptions/s1/resourceGroups/useast/providers/microsoft.foo/sites/mysite1 unknown 2015-08-14T22:26:41.997Z | ruleName1",
    ],
    "classic-metric-nested-props.json": [
      "trigger /subscriptions/1a66ce04-b633-4a0b-b2bc-a912ec8986a6/resourceGroups/montest/providers/microsoft.insights/alertrules/Alert_1_runscope12 /subscriptions/1a66ce04-b633-4a0b-b2bc-a912ec8986a6/resourceGroups/montest/providers/Microsoft.Compute/virtualMachines/Helixtest1 unknown 2015-09-18T01:02:35.819Z | Alert_1_runscope12",
    ],
    "common-log-alert-v2-fired.json": [
      "trigger /subscriptions/052982ed-1e94-4e26-bfd4-a65252931325/providers/Microsoft.AlertsManagement/alerts/3de19cbd-afe1-1d68-219c-25a339960013 error 2023-11-03T11:48:02.770Z | Exception occured",
    ],
    "metric-v2-activated.json": [
      "trigger /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/Contoso/providers/microsoft.insights/metricAlerts/StorageCheck /subscriptions/1e3ff1c0-771a-4119-a03b-be82a51e232d/resourceGroups/Contoso/providers/Microsoft.Storage/storageAccounts/diag500 unknown 2018-02-28T10:44:10.171Z | StorageCheck",
    ],
    "metric-v2-deactivated.json": [
      "resolve /subscriptions/ba364c14-1aa5-484e-8b74-6201540087e1/resourceGroups/Web/providers/microsoft.insights/metricAlerts/Percentage%20CPU%20greater%20than%2070 /subscriptions/ba364c14-1aa5-484e-8b74-6201540087e1/resourceGroups/Web/providers/Microsoft.Compute/virtualMachines/web01 info 2019-02-27T14:10:35.081Z | CpuUtilHigh",
    ],
    "snooze-common-sparse.json": [
      "trigger /subscriptions/00000000-0000-0000-0000-000000000000/providers/Microsoft.AlertsManagement/alerts/my-alert error 2026-05-27T10:00:00.000Z | High CPU on web-1",
    ],
  },
  betterstack: {
    "rs-comment.json": ["ignore | a comment changes nothing here"],
    "rs-incident-acknowledged.json": ["acknowledge 12345 error 2026-01-01T00:05:00.000Z | Homepage down"],
    "rs-incident-reopened.json": ["trigger 12345 error 2026-01-01T00:15:00.000Z | Homepage down"],
    "rs-incident-resolved.json": ["resolve 12345 error 2026-01-01T00:10:00.000Z | Homepage down"],
    "rs-incident-started.json": ["trigger 12345 error 2026-01-01T00:00:00.000Z | Homepage down"],
  },
  checkmk: {
    "context-host-recovery.json": ["resolve heute/win7vm info - | win7vm is UP"],
    "context-service-problem.json": ["trigger testsite/site1/first critical - | site1/first is CRITICAL"],
  },
  cloudflare: {
    "ddos-l4-start.json": [
      "trigger 000eaa907ed24e78946d3a93adb2ae57 error 2006-01-02T15:04:05.000Z | Example Cloudflare Notification",
    ],
    "health-check-start.json": [
      "trigger health_check_status_notification/string warning 2006-01-02T15:04:05.000Z | Example Cloudflare Notification",
    ],
    "workers-observability.json": [
      "trigger 000eaa907ed24e78946d3a93adb2ae57 warning 2006-01-02T15:04:05.000Z | Example Cloudflare Notification",
    ],
  },
  datadog: {
    "recovered-operational.json": [
      "resolve 160077341:service:keep-api-feature-unique-id info 2024-12-11T15:30:12.000Z | OperationalError DB",
    ],
    "recovered-p2.json": ["resolve 134462228:service:keep-api error 2024-12-11T15:24:39.000Z | Unauthorized access to API"],
    "recovered.json": ["resolve 160076582:service:keep-api info 2024-12-11T15:21:32.000Z | Error monitor"],
    "servicenow-template.json": ["unreadable"],
    "triggered-db.json": [
      "trigger 160077064:database_id:keephq-sandbox:keep error 2024-12-11T15:15:35.000Z | Somethine weird in DB",
    ],
    "triggered-long-scope.json": [
      "trigger 160076582:service:keep-api-fix-2780-bug-incidents-nonetype-object-is-not-iterable error 2024-12-11T15:25:32.000Z | Error monitor",
    ],
    "triggered-p2.json": ["trigger 134462228:service:keep-api error 2024-12-11T15:25:38.000Z | Unauthorized access to API keep-"],
    "triggered.json": ["trigger 160076582:service:keep-api error 2024-12-11T15:22:33.000Z | Error monitor"],
    "warn-p2.json": ["trigger 134462228:service:keep-api warning 2024-12-11T15:19:38.000Z | Unauthorized access to API keep-"],
  },
  "gcp-monitoring": {
    "cloudforet-closed.json": ["resolve 0.mteuirnn0v0k unknown 2023-02-03T04:27:14.000Z | choonho-server-cpu-alert-policy-"],
    "cloudforet-open.json": ["trigger 0.mtdi83m6w8ao unknown 2023-02-02T05:29:47.000Z | choonho-server-cpu-alert-policy-"],
    "test-notification.json": ["trigger test 12345 unknown - | projects/12345/alertPolicies/123"],
    "v1.2-closed.json": ["resolve 0.ab1cdefgh2i unknown 2022-08-04T20:09:09.000Z | INTEG: Webhooks Health Check: Cl"],
    "v1.2-open.json": ["trigger 0.ab1cdefgh2i unknown 2022-08-04T20:09:09.000Z | INTEG: Webhooks Health Check: Cl"],
  },
  generic: {
    "auvik-create-request.json": [
      "trigger NzA4MjA3MTIwMjU2OTMwNTU3LDcyMzQyODI2NzAyMDA5NjIzNw== critical 2021-06-29T13:46:51.998Z | PagerTree Title",
    ],
    "azure-devops-build-complete.json": [
      "trigger 4a5d99d6-1c75-4e53-91b9-ee80057d4ce3 unknown - | 4a5d99d6-1c75-4e53-91b9-ee80057d",
    ],
    "azure-devops-workitem-created.json": [
      "trigger d2d46fb1-dba5-403c-9373-427583f19e8c unknown - | d2d46fb1-dba5-403c-9373-427583f1",
    ],
    "dead-mans-snitch-create-request.json": ["unreadable"],
    "graylog-stream.json": ["unreadable"],
    "hetrix-tools-uptime-request.json": [
      "trigger ThisWillBeTheMonitorID32CharLong unknown 2017-07-10T05:56:32.000Z | Test Monitor Label",
    ],
    "honeybadger-create-fault-request.json": [
      "trigger title-b3c52825e00d99a586fd911e404603b9 unknown - | [PT4/staging] Redis::CannotConne",
    ],
    "hyperping-create-request.json": ["unreadable"],
    "instana-change.json": ["trigger 53650436-8e35-49a3-a610-56b442ae7620 unknown - | Java virtual machine on Host hos"],
    "instana-close.json": ["resolve 6596e1c9-d6e4-4a8e-85fd-432432eddac3 unknown - | 6596e1c9-d6e4-4a8e-85fd-432432ed"],
    "instana-open.json": ["trigger 53650436-8e35-49a3-a610-56b442ae7620 unknown - | Garbage Collection Activity High"],
    "oncall-formatted-webhook.json": [
      "trigger 08d6891a-835c-e661-39fa-96b6a9e26552 unknown - | TestAlert: The whole system is d",
    ],
    "pagertree-webhook-ack.json": ["acknowledge example-id-123 critical - | Example Incident Title"],
    "pagertree-webhook-create.json": ["trigger example-id-123 critical - | Example Incident Title"],
    "pagertree-webhook-resolve.json": ["resolve example-id-123 critical - | Example Incident Title"],
    "riemann.json": ["resolve hostbob/servicejane unknown - | This is a description"],
    "scom-create-request.json": ["trigger {2ba87d56-a7af-4b42-bdcc-eb18486bd8cd} unknown - | Alert for event 999"],
    "server-guard24-create-request.json": ["unreadable"],
    "status-gator-down-request.json": ["trigger 8lJSR0I7fE unknown - | Test message for PagerTree LLC"],
    "uptime-create-request.json": ["unreadable"],
    "uptime-resolve-request.json": ["unreadable"],
    "vmware-vrealize.json": ["trigger sample-alert-uuid unknown - | sample-alert-uuid"],
  },
  github: {
    "check-run-completed.json": [
      "resolve Codertocat/Hello-World/check/Octocoders-linter/changes error 2019-05-15T15:21:12.000Z | Octocoders-linter succeeded on c",
    ],
    "check-run-failure.json": [
      "trigger Codertocat/Hello-World/check/Octocoders-linter/changes error 2019-05-15T15:21:12.000Z | Octocoders-linter failed on chan",
    ],
    "check-suite-special-chars.json": ["ignore | not finished yet"],
    "code-scanning-closed-by-user.json": [
      "resolve Codertocat/Hello-World/code_scanning_alert/10 error 2021-02-11T02:59:08.000Z | CVE-2020-27218 Severity=Medium P",
    ],
    "code-scanning-created.json": [
      "trigger Codertocat/Hello-World/code_scanning_alert/10 error 2021-02-11T03:10:43.000Z | Query built from user-controlled",
    ],
    "code-scanning-fixed.json": [
      "resolve Codertocat/Hello-World/code_scanning_alert/10 error - | Query built from user-controlled",
    ],
    "dependabot-alert-created.json": [
      "trigger wolfy1339/pika-pack/dependabot_alert/20 warning 2023-06-24T13:57:12.000Z | semver vulnerable to Regular Exp",
    ],
    "dependabot-alert-fixed.json": [
      "resolve octocat/hello-world/dependabot_alert/1 warning 2022-06-15T13:55:40.000Z | Insertion of Sensitive Informati",
    ],
    "issue-empty-body.json": ["trigger issue/444500041 unknown 2019-05-15T15:20:18.000Z | Spelling error in the README fil"],
    "ping.json": ["trigger test ping unknown - | GitHub ping: Anything added dilu"],
    "secret-scanning-reopened.json": [
      "trigger Codertocat/Hello-World/secret_scanning_alert/191 critical - | adafruit_io_key (Codertocat/Hell",
    ],
    "security-advisory-published.json": ["ignore | security_advisory changes nothing here"],
    "vulnerability-alert-dismiss.json": [
      "resolve Codertocat/Hello-World/repository_vulnerability_alert/2 warning 2017-10-25T00:00:00.000Z | many_versioned_gem (Codertocat/H",
    ],
    "workflow-job-failure.json": [
      "trigger Codertocat/Hello-World/job/CodeQL / linters/main error 2021-08-05T10:38:16.000Z | CodeQL / linters failed on main ",
    ],
    "workflow-run-completed.json": [
      "resolve octo-org/octo-repo/2823525/master error 2020-10-05T16:33:49.000Z | test succeeded on master of octo",
    ],
  },
  grafana: {
    "oncall-grafana-alerting-batch.json": [
      "trigger f404ecabc8dd5cd7 critical 2023-06-12T08:24:38.326Z | Instance localhost:8081 down",
      "trigger f8f08d4e32c61a9d critical 2023-06-12T08:24:38.326Z | Instance localhost:8082 down",
      "trigger 39f38c0611ee7abd critical 2023-06-12T08:24:38.326Z | Instance localhost:8083 down",
    ],
    "oncall-legacy-grafana-alerting.json": [
      "trigger labels-8f82bb76cd729687d0bfb0b2c0df201e unknown 2018-12-25T15:47:47.377Z | TestAlert",
    ],
    "v11-values-imageurl.json": ["trigger e6349a25f5ef0e9e unknown 2024-03-01T02:09:00.000Z | High memory usage"],
    "v12-orgid-appversion.json": ["trigger test c4edaaf9f9f839b0 unknown 2026-05-05T13:04:57.622Z | TEST"],
    "v9-mixed-1-firing-2-resolved.json": [
      "resolve aaafafe0953f0962 unknown 2022-06-17T01:08:28.652Z | This is a summary field, failure",
      "resolve fb31814ac93dbe7d unknown 2022-06-17T01:08:28.652Z | This is a summary field, failure",
      "trigger 6f9cd313db421ef1 unknown 2022-06-17T01:03:00.782Z | Testing **another** failing aler",
    ],
  },
  "grafana-legacy": {
    "alerting.json": ["trigger 1/7 warning - | CPU alert"],
    "docs-example.json": ["trigger 1/1 warning - | My alert"],
    "goalert-minimal.json": ["trigger 1/1 warning - | woot"],
    "iris-tags-empty-string.json": ["trigger test 1/0 warning - | Test notification"],
    "no-data-v7.json": ["trigger 1/3 warning - | No Data alert"],
    "ok.json": ["resolve 1/7 warning - | CPU alert"],
    "pt-firing.json": ["trigger 1/1 warning - | My alert"],
    "pt-ok.json": ["resolve 1/1 warning - | My alert"],
    "v6-tags-multi-match.json": ["trigger 1/58 warning - | TEST -> Battery Voltage alert"],
  },
  healthchecks: {
    "up.json": ["resolve 5398178f-6e2c-4a46-80ac-c083551f4beb error - | my check is DOWN"],
  },
  honeycomb: {
    "old-shared-secret-in-body.json": ["trigger trig on ttt unknown - | trig on ttt"],
    "trigger-triggered.json": ["trigger abdcefg unknown - | trig on ttt"],
  },
  icinga2: {
    "acknowledgementcleared-service.json": ["ignore | AcknowledgementCleared changes nothing here"],
    "acknowledgementset-service.json": [
      "acknowledge docker-master!ssh critical 2023-10-13T12:45:07.647Z | docker-master!ssh is CRITICAL",
    ],
    "commentadded-service.json": ["ignore | CommentAdded changes nothing here"],
    "downtimestarted-service.json": ["ignore | DowntimeStarted changes nothing here"],
    "objectcreated-host.json": ["ignore | configuration changes do nothing here"],
    "process-event-crit.json": ["trigger host=dummy-809,service=random fortune critical - | dummy-809: random fortune"],
    "statechange-host-valid.json": ["ignore | a soft state: Icinga still checks again (config.softStates would fire)"],
  },
  incidentio: {
    "alert-created-priority-attribute.json": ["trigger alert_attr_1 critical - | Attr priority alert"],
    "go-created-v2.json": ["trigger 01HZ0000000000000000000001 error 2026-05-07T10:00:00.000Z | Database is down"],
    "go-status-updated-closed.json": [
      "resolve 01HZ0000000000000000000002 unknown 2026-05-07T11:30:00.000Z | Auth service degraded",
    ],
    "incident-created-v2.json": ["trigger 01FDAG4SAP5TYPT98WGR2N7W91 warning 2026-05-19T13:05:00.000Z | Database is sad"],
    "private-alert-nested.json": ["trigger alert_priv_2 critical - | Keyed private alert"],
  },
  influxdb2: {
    "snooze-crit.json": [
      "trigger CPU check,host=web-1,process=nginx critical 2024-01-15T12:00:00.000Z | CPU idle is critically low on we",
    ],
    "snooze-ok.json": ["resolve cpu,host=web-1,process=nginx info 2024-01-15T13:00:00.000Z | CPU idle has recovered on web-1"],
  },
  jira: {
    "cloud-comment-created.json": ["ignore | comment_created changes nothing here"],
    "cloud-created-many-fields.json": ["trigger 10509 warning 2019-08-27T19:43:24.475Z | KT-22: Lots of fields selected"],
    "created-sparse.json": ["trigger 10040 unknown 2019-02-16T03:01:53.023Z | TES-41: Unit test summary"],
    "issue-created.json": ["trigger 10040 error 2019-02-16T03:01:53.023Z | TES-41: Unit test summary"],
    "issue-reopened.json": ["trigger 10040 error 2019-02-16T03:17:06.531Z | TES-41: Unit test summary 1"],
    "issue-resolved.json": ["resolve 10040 error 2019-02-16T03:15:40.507Z | TES-41: Unit test summary 1"],
    "priority-lowered.json": ["ignore | an update that neither re-opens the issue nor makes it more urgent"],
    "priority-raised.json": ["trigger 10040 error 2019-02-16T21:15:16.080Z | TES-41: Unit test summary 1"],
    "server-closed.json": ["resolve 10300 warning 2019-08-14T03:07:58.358Z | TES-4: Unit test summary 1"],
    "server-old-no-event-type.json": ["ignore | an update that neither re-opens the issue nor makes it more urgent"],
    "server-resolved.json": ["resolve 10300 warning 2019-08-12T23:23:02.025Z | TES-4: Unit test summary 1"],
  },
  kapacitor: {
    "post-critical.json": ["trigger id critical - | message"],
    "pt-ok.json": ["resolve 123 info - | CPU usage high"],
    "pt-warn-numeric-id.json": ["trigger 123 warning - | CPU usage high"],
  },
  nagios: {
    "host-up.json": ["resolve event_source=host;host_name=host.test.local critical - | host.test.local has recovered"],
    "service-critical.json": [
      "trigger event_source=service;host_name=service.test.local;service_desc=service=test-service critical - | service.test.local/service=test-",
    ],
    "service-ok.json": [
      "resolve event_source=service;host_name=service.test.local;service_desc=service=test-service critical - | service.test.local/service=test-",
    ],
  },
  newrelic: {
    "activated-high.json": [
      "trigger b6137c61-0e27-496d-bd9b-335c98c155eb error 2022-10-16T12:54:18.970Z | Error percentage > 2.5% for at l",
    ],
    "closed-high.json": [
      "resolve b6137c61-0e27-496d-bd9b-335c98c155eb error 2022-10-16T12:54:18.970Z | Error percentage > 2.5% for at l",
    ],
    "created-high.json": [
      "trigger b6137c61-0e27-496d-bd9b-335c98c155eb error 2022-10-16T12:54:18.970Z | Error percentage > 2.5% for at l",
    ],
  },
  netdata: {
    "alert-critical.json": ["trigger alert-0b3caaea9b2cb796f315e7db64f2281c critical 2024-01-01T00:00:00.000Z | test message"],
    "reachability-critical.json": ["trigger reachability test-host critical - | host is unreachable"],
    "test-token.json": ["trigger test netdata-test info - | Netdata's test: its token is 2b6"],
  },
  "pagerduty-webhook-legacy": {
    "v1-trigger.json": ["trigger PRORDTY error 2016-02-22T21:02:55.000Z | CPU Load High on xdb_production_"],
    "v2-acknowledge.json": ["acknowledge PRORDTY error 2017-09-26T15:15:17.000Z | My new incident"],
    "v2-assign.json": ["trigger PRORDTY error 2017-09-26T15:16:05.000Z | My new incident"],
    "v2-resolve.json": ["resolve PRORDTY error 2017-09-26T15:18:09.000Z | My new incident"],
    "v2-trigger.json": ["trigger PRORDTY error 2017-09-26T15:14:36.000Z | My new incident"],
  },
  "newrelic-legacy": {
    "harness-nested-incident.json": ["trigger 123456789 critical 2022-03-16T16:00:00.000Z | High Error Rate: Production API"],
    "template-ack.json": ["unreadable"],
    "template-closed.json": ["unreadable"],
    "template-open.json": ["unreadable"],
  },
  "opsgenie-webhook": {
    "acknowledge.json": ["acknowledge 052652ac-5d1c-464a-812a-7dd18bbfba8c unknown 2015-01-05T10:03:44.764Z | test alert"],
    "addnote.json": ["ignore | addnote changes nothing here"],
    "close.json": ["resolve 052652ac-5d1c-464a-812a-7dd18bbfba8c unknown 2015-01-05T10:06:14.669Z | test alert"],
    "create.json": ["trigger ec03dad6-62c8-4c94-b38b-d88f398e900f warning 2017-08-14T11:25:56.288Z | another alert"],
  },
  "opsgenie-create": {
    "alertmanager-empty.json": [
      "trigger 6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b warning - | 6b86b273ff34fce19d6b804eff5a3f57",
    ],
    "alertmanager-full.json": ["trigger 6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b critical - | message"],
    "alertmanager-update-message.json": ["trigger message-a4dadcfb0ba5b5292534c536af42be49 warning - | new message"],
    "grafana-batch-2.json": ["trigger %s warning - | [FIRING:2]"],
    "grafana-close.json": ["unreadable"],
    "grafana-responders.json": ["trigger %s warning - | [FIRING:2]"],
  },
  "pagerduty-events-v2": {
    "acknowledge.json": ["acknowledge dedupkeyhere unknown - | dedupkeyhere: acknowledge"],
    "change-event.json": [
      "ignore | a change event: it pages nobody (Build Success: Increase snapshot create timeout to 30 seconds)",
    ],
    "checkmk-resolve.json": ["resolve win7vm:10.3.1.239 info - | win7vm is UP"],
    "checkmk-trigger.json": ["trigger first/site1:127.0.0.1 critical - | CRITICAL: first on site1"],
    "resolve.json": ["resolve dedupkeyhere unknown - | dedupkeyhere: resolve"],
    "trigger.json": ["trigger samplekeyhere info 2015-07-17T08:42:58.315Z | Example alert on host1.example.c"],
  },
  "pagerduty-webhook-v3": {
    "data-incident-status-update.json": ["unreadable"],
    "incident-priority-updated.json": ["trigger PGR0VU2 critical 2020-10-02T18:45:22.169Z | A little bump in the road"],
    "live-acknowledged.json": ["acknowledge Q2CKYRLH85UNN4 info 2025-04-07T03:47:13.546Z | Test"],
    "live-ping.json": ["trigger test pagey.ping unknown 2025-04-07T03:00:55.532Z | Hello from your friend Pagey!"],
    "live-resolved.json": ["resolve Q2CKYRLH85UNN4 info 2025-04-07T03:49:36.358Z | Test"],
    "live-triggered.json": ["trigger Q2CKYRLH85UNN4 info 2025-04-07T03:47:13.414Z | Test"],
    "service-updated.json": ["ignore | service.updated changes nothing here"],
  },
  pingdom: {
    "docs-down.json": ["trigger 12345 critical 2016-01-01T01:01:01.000Z | Name of HTTP check"],
    "down.json": ["trigger 803318 critical 2017-06-30T22:25:43.000Z | Alerta API on OpenShift"],
    "up.json": ["resolve 803318 critical 2017-06-30T22:30:43.000Z | Alerta API on OpenShift"],
  },
  prtg: {
    "down-ended-paused.json": ["resolve sensor_123 unknown - | Image Processing"],
    "down-ended-up.json": ["resolve sensor_123 unknown - | Image Processing"],
    "down.json": ["trigger sensor_123 critical - | Image Processing"],
  },
  sensu: {
    "go-event-passing.json": ["resolve default/sensu-centos/check_cpu info 2021-03-29T20:41:47.000Z | sensu-centos/check_cpu"],
    "go-event-status-1.json": ["trigger default/server1/server-health warning - | server1/server-health"],
    "go-event-status-2.json": ["trigger default/server1/server-health critical - | server1/server-health"],
    "go-event-wrapped.json": ["resolve default/sensu-centos/check_cpu info 2021-03-29T20:41:47.000Z | sensu-centos/check_cpu"],
  },
  sentry: {
    "comment-created.json": ["ignore | a comment changes nothing here"],
    "event-alert-triggered-min.json": ["trigger 123 unknown 2022-04-04T18:17:18.320Z | Error #1: This is a test error!"],
    "issue-assigned.json": ["ignore | assigned (config.acknowledgeOnAssignment would acknowledge)"],
    "issue-resolved.json": ["resolve 123 error - | Error #1: This is a test error!"],
    "keep-browser-timeout.json": ["trigger 4616132097 error 2024-03-09T13:34:45.873Z | Failed to fetch user profile"],
    "legacy-plugin-python.json": ["trigger 541485531 error 2018-05-02T08:07:10.000Z | This is an example Python except"],
    "metric-alert-critical.json": ["trigger metric_alert/example/789 critical - | metric alert"],
    "metric-alert-resolved-min.json": ["resolve metric_alert/example/789 unknown - | metric alert"],
    "metric-alert-warning.json": ["trigger metric_alert/example/789 warning - | metric alert"],
    "port-comment.json": ["ignore | a comment changes nothing here"],
    "port-issue.json": ["trigger 4253613038 error - | NameError: name 'total' is not d"],
  },
  servicenow: {
    "incident-record-inc46.json": [
      "trigger a9e30c7dc61122760116894de7bcc7bd warning 2015-11-01T22:37:27.000Z | Can't access SFA software",
    ],
    "incident-record-inc50-p1.json": [
      "trigger ef43c6d40a0a0b5700c77f9bf387afe3 critical 2016-01-22T14:12:37.000Z | Can't access Exchange server - i",
    ],
    "incident-record-new.json": [
      "trigger c537bae64f411200adf9f8e18110c76e warning 2016-01-22T14:28:24.000Z | Unable to connect to office wifi",
    ],
  },
  site24x7: {
    "pt-down.json": ["trigger 285731000000025120 critical 2018-08-20T18:44:49.000Z | Website-tall-hut-056a2.ngrok.io"],
    "pt-up.json": ["resolve 285731000000025120 unknown 2018-08-20T18:44:49.000Z | Website-tall-hut-056a2.ngrok.io"],
  },
  statuscake: {
    "down.json": ["trigger 1234567890 critical - | https://www.example.com/app"],
  },
  stripe: {
    "setup-intent-created.json": ["ignore | setup_intent.created is neither a failure nor its end"],
  },
  "uptime-kuma": {
    "pt-down.json": ["trigger 1 critical 2023-02-06T18:07:43.733Z | Marketing"],
    "pt-resolve.json": ["resolve 1 critical 2023-02-06T18:07:43.733Z | Marketing"],
    "scn-down-emoji.json": ["trigger 89 critical 2023-07-31T18:56:15.000Z | test"],
    "scn-up.json": ["resolve 89 critical 2023-07-31T18:56:15.000Z | test"],
  },
  uptimerobot: {
    "down.json": ["trigger 123456789 error 2022-08-03T16:53:45.000Z | example.come backend"],
    "oncall-template.txt": ["unreadable"],
    "skyhook-minimal.json": ["trigger http://www.example.com error - | Test Monitor"],
    "up.json": ["resolve 123456789 error 2022-08-03T16:53:45.000Z | example.come backend"],
  },
  victorops: {
    "critical.json": ["trigger disk space/db01.mycompany.com critical - | Critically Low Disk Space on DB0"],
    "info-annotation-image.json": ["ignore | an INFO is for the timeline and pages nobody (Approaching Low Disk Space on DB01)"],
    "info-annotation-url.json": ["ignore | an INFO is for the timeline and pages nobody (Approaching Low Disk Space on DB01)"],
    "recovery.json": ["resolve disk space/db01.mycompany.com unknown - | Critically Low Disk Space on DB0"],
    "zendesk-ack-template.json": ["unreadable"],
  },
  zabbix: {
    "cloudforet-problem.json": ["trigger 7467 warning - | Load average is too high (per CP"],
    "oncall-formatted.json": ["trigger 08d6891a-835c-e661-39fa-96b6a9e26552 unknown - | TestAlert: The whole system is d"],
    "problem.json": ["trigger 23 error - | https://statuscode.app/ Status"],
    "resolved.json": ["resolve 23 error - | https://statuscode.app/ Status"],
  },
  zendesk: {
    "aspnet-push-notification.json": ["ignore | a push notification for mobile devices, no ticket event"],
    "py-created-nested-requester.json": ["trigger 12345 error 2024-01-15T10:30:00.000Z | Help needed"],
    "py-status-solved.json": ["resolve 12345 warning - | Existing ticket"],
    "ticket-comment-added.json": ["ignore | a comment that is no public answer of an agent"],
    "ticket-created.json": ["trigger 5158 info 2025-01-08T10:12:07.672Z | ticketinfo_2294a6e9ece2"],
    "ticket-status-changed.json": ["ignore | the status went from new to open: still open"],
  },
  gitlab: {
    "deployment.json": ["resolve 30/deployment/staging error 2021-04-28T19:50:00.000Z | Deployment of root/test-deployme"],
    "issue.json": ["trigger issue/301 error 2013-12-03T17:15:43.000Z | New API: create/update/delete fi"],
    "job.json": [
      "resolve 31537070/job/coordinated:tag/auto_deploy:start/main error 2023-01-10T13:50:54.000Z | Job auto_deploy:start succeeded ",
    ],
    "kt-pipeline-failed.json": [
      "trigger 105/pipeline/main/push error 2024-06-19T03:06:41.000Z | Pipeline #2924 failed on main of",
    ],
    "kt-pipeline-running.json": ["ignore | running: neither a failure nor a success"],
    "kt-pipeline-success.json": [
      "resolve 105/pipeline/main/push error 2024-06-19T03:10:00.000Z | Pipeline #2925 succeeded on main",
    ],
    "note-issue.json": ["ignore | note changes nothing here"],
    "pipeline.json": [
      "resolve 1/pipeline/master/merge_request_event error 2016-08-12T15:26:29.000Z | Pipeline #123 succeeded on maste",
    ],
    "push.json": ["ignore | push changes nothing here"],
    "rust-pipeline-failed-retried.json": [
      "trigger 6665/pipeline/ci/push error 2020-05-08T20:54:58.000Z | Pipeline #634680 failed on ci of",
    ],
  },
  bitbucket: {
    "commit-status-created.json": ["ignore | inprogress: neither a failure nor a success"],
    "commit-status-updated.json": [
      "resolve {673a6070-3421-46c9-9d48-90745f7bfe8e}/build/mybuildtool/9fec847784abb10b2fa567ee63b85bd238955d0e error 2015-11-20T08:01:16.433Z | Unit Tests (Python) succeeded on",
    ],
    "issue-created.json": [
      "trigger {673a6070-3421-46c9-9d48-90745f7bfe8e}/issue/1 unknown 2015-04-06T15:23:38.179Z | Issue title",
    ],
    "issue-updated.json": [
      "trigger {673a6070-3421-46c9-9d48-90745f7bfe8e}/issue/1 unknown 2015-04-06T15:23:38.179Z | Issue title",
    ],
    "server-pr-opened.json": ["ignore | pr:opened changes nothing here"],
  },
  firehydrant: {
    "incident-updated-resolved.json": [
      "resolve 04d9fd1a-ba9c-417d-b396-58a6e2c374de error 2023-07-25T13:38:17.000Z | Hark I hear an incident subscrip",
    ],
  },
  cronitor: {
    "recovery.json": ["resolve ksQC7a error - | Test Hearbeat recovered"],
  },
  elastic: {
    "elastalert-pt-ack.json": ["acknowledge 1 unknown - | A title"],
    "elastalert-pt-create.json": ["trigger 1 unknown - | A title"],
    "elastalert-pt-resolve.json": ["resolve 1 unknown - | A title"],
    "kibana-active.json": ["trigger r1/a1 critical 2026-01-01T00:00:00.000Z | disk full"],
    "kibana-keep-template.json": ["unreadable"],
    "kibana-recovered.json": ["resolve r1/a1 unknown - | disk full"],
    "watcher-metadata-severity.json": ["trigger w1 error 2026-01-01T00:00:00.000Z | w1"],
  },
  opensearch: {
    "custom-template.txt": ["trigger text-51fbd4ae6cc36ffae6c0e065a649b0b8 warning - | topic: Resource Monitor Alert of"],
    "json-status-completed.json": ["unreadable"],
    "json-template-firing.json": ["trigger m1/t1 critical 2026-01-01T00:05:00.000Z | 5xx rate: too many 5xx"],
  },
  appdynamics: {
    "cloudforet-open-critical.json": ["trigger 70646 critical 2023-04-03T02:04:55.000Z | Business Transaction Health"],
    "cloudforet-test.json": ["trigger 70646 critical 2023-04-03T02:04:55.000Z | Business Transaction Health"],
    "keep-http-template.txt": ["unreadable"],
    "oncall-template.txt": ["unreadable"],
  },
  dynatrace: {
    "eda-eventdata.json": ["trigger event-47d4ebac754f2e8507feff0cc7ae1a6c critical - | Monitoring not available"],
    "harness-open.json": ["trigger PID-F5D7459A6CD9842B unknown - | Response time degradation"],
    "servicenow-template.txt": ["unreadable"],
    "test-run-open.json": ["trigger test 99999 unknown - | Dynatrace problem notification t"],
    "test-run-resolved.json": ["resolve test 99999 unknown - | Dynatrace problem notification t"],
  },
  splunk: {
    "first-row.json": ["trigger scheduler_admin_search_W2 unknown - | Splunk search"],
  },
  freshdesk: {
    "created.json": ["trigger 123 info - | Ticket Subject"],
    "resolved.json": ["resolve 123 info - | Ticket Subject"],
    "zulip-created-unicode.json": ["trigger 11 error - | Test ticket subject ☃"],
  },
  freshservice: {
    "created.json": ["trigger 123 info - | Ticket Subject"],
    "resolved.json": ["resolve 123 info - | Ticket Subject"],
  },
  "bmc-helix": {
    "hpd-entries.json": ["trigger INC000000024525 unknown - | Reported Asset Issue"],
  },
  xmatters: {
    "delivery-status-template.txt": ["unreadable"],
    "response-template.txt": ["unreadable"],
  },
  salesforce: {
    "ack-response.xml": ["unreadable"],
    "aspnetcore-bad-org.xml": [
      "trigger 0123456789ABCDE unknown 2015-08-14T18:27:02.000Z | Lead1 0123456789ABCDEEAE",
      "trigger 1123456789ABCDE unknown 2015-08-14T18:27:02.000Z | Lead2 1123456789ABCDEEAE",
      "trigger 2123456789ABCDE unknown 2015-08-14T18:27:02.000Z | Lead3 2123456789ABCDEEAE",
    ],
    "aspnetcore-empty.xml": ["ignore | a message without notifications"],
    "aspnetcore-outbound.xml": [
      "trigger 0031I0000081tbP unknown 2017-12-11T21:49:24.000Z | Contact 0031I0000081tbPQAQ",
      "trigger 0031I0000081tb0 unknown 2017-12-11T21:44:55.000Z | Contact 0031I0000081tb0QAA",
    ],
    "case-outbound-message.xml": ["trigger 5007000000OFL5F unknown - | Case 5007000000OFL5FAAX"],
  },
  cloudevents: {
    "batch.json": [
      "trigger /mycontext/4 com.example.someevent unknown 2018-04-05T17:31:00.000Z | com.example.someevent /mycontext",
      "trigger /mycontext/9 com.example.someotherevent unknown 2018-04-05T17:31:05.000Z | com.example.someotherevent /myco",
    ],
    "data-base64.json": ["trigger /mycontext com.example.someevent unknown - | com.example.someevent /mycontext"],
    "github-pr.json": [
      "trigger https://github.com/cloudevents/spec/pull 123 unknown 2018-04-05T17:31:00.000Z | com.github.pull_request.opened 1",
    ],
    "structured-json-data.json": [
      "trigger /mycontext com.example.someevent unknown 2018-04-05T17:31:00.000Z | com.example.someevent /mycontext",
    ],
  },
};
