CREATE TYPE "public"."alert_status" AS ENUM('waiting', 'sent', 'failed');--> statement-breakpoint
CREATE TYPE "public"."booking_status" AS ENUM('booked', 'cancelled', 'no-show');--> statement-breakpoint
CREATE TYPE "public"."event_status" AS ENUM('pending', 'applied', 'ignored', 'parked');--> statement-breakpoint
CREATE TYPE "public"."capture_status" AS ENUM('mapped', 'parked', 'ignored');--> statement-breakpoint
CREATE TYPE "public"."suppression_reason" AS ENUM('unsubscribed', 'complained', 'bounced', 'provider', 'staff');--> statement-breakpoint
CREATE TYPE "public"."attempt_outcome" AS ENUM('accepted', 'refused', 'rate-limited', 'unknown');--> statement-breakpoint
CREATE TYPE "public"."delivery_status" AS ENUM('waiting', 'sealed', 'parked', 'sent', 'delivered', 'failed', 'suppressed', 'bounced', 'complained', 'cancelled');--> statement-breakpoint
CREATE TYPE "public"."dispatch_status" AS ENUM('sealed', 'in-flight', 'retrying', 'accepted', 'opened', 'parked');--> statement-breakpoint
CREATE TYPE "public"."enrollment_status" AS ENUM('active', 'held', 'finished', 'stopped');--> statement-breakpoint
CREATE TYPE "public"."stop_reason" AS ENUM('booked', 'unsubscribed', 'complained', 'bounced', 'suppressed', 'replied', 'staff', 'erased');--> statement-breakpoint
CREATE TABLE "alerts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"status" "alert_status" NOT NULL,
	"capture_id" uuid,
	"reason" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" uuid PRIMARY KEY NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"detail" jsonb,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bookings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tool" text NOT NULL,
	"external_id" text NOT NULL,
	"status" "booking_status" NOT NULL,
	"lead_id" uuid,
	"enrollment_id" uuid,
	"matched_by" text,
	"email_key" text,
	"phone" text,
	"starts_at" timestamp with time zone,
	"occurred_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "bookings_once" UNIQUE("tool","external_id")
);
--> statement-breakpoint
CREATE TABLE "provider_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"event_id" text NOT NULL,
	"body" "bytea",
	"status" "event_status" NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"reason" text,
	"lead_id" uuid,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "provider_events_once" UNIQUE("provider","event_id")
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "captures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"source_id" uuid NOT NULL,
	"external_id" text NOT NULL,
	"status" "capture_status" NOT NULL,
	"reason" text,
	"content_type" text,
	"body" "bytea",
	"fields" jsonb,
	"lead_id" uuid,
	"outcome" text,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "captures_once" UNIQUE("source_id","external_id")
);
--> statement-breakpoint
CREATE TABLE "consents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lead_id" uuid NOT NULL,
	"capture_id" uuid NOT NULL,
	"basis" text NOT NULL,
	"text_version" text,
	"page_url" text,
	"given_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "leads" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text,
	"email_key" text,
	"folded_key" text,
	"first_name" text,
	"last_name" text,
	"phone" text,
	"postal_code" text,
	"time_zone" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"erased_at" timestamp with time zone,
	CONSTRAINT "leads_email_key_unique" UNIQUE("email_key")
);
--> statement-breakpoint
CREATE TABLE "sources" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"adapter" text NOT NULL,
	"secrets" text[] NOT NULL,
	"mapping" jsonb,
	"sequence" text NOT NULL,
	"topical" boolean DEFAULT false NOT NULL,
	"thank_you_url" text,
	"refused_count" integer DEFAULT 0 NOT NULL,
	"last_refused_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "sources_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "suppressions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"hash" "bytea" NOT NULL,
	"key_id" text NOT NULL,
	"normalisation" integer NOT NULL,
	"reason" "suppression_reason" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "suppressions_once" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"dispatch_id" uuid NOT NULL,
	"fence" integer NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"outcome" "attempt_outcome",
	"status_code" integer,
	"error_name" text,
	"recorded_at" timestamp with time zone,
	CONSTRAINT "attempts_dispatch_id_fence_pk" PRIMARY KEY("dispatch_id","fence")
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"enrollment_id" uuid NOT NULL,
	"lead_id" uuid NOT NULL,
	"step" text NOT NULL,
	"status" "delivery_status" NOT NULL,
	"first" boolean NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"window_closes_at" timestamp with time zone,
	"group_limit" smallint NOT NULL,
	"dispatch_id" uuid,
	"provider_id" text,
	"accepted_at" timestamp with time zone,
	"reason" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "deliveries_once" UNIQUE("enrollment_id","step")
);
--> statement-breakpoint
CREATE TABLE "dispatches" (
	"id" uuid PRIMARY KEY NOT NULL,
	"delivery_ids" uuid[] NOT NULL,
	"body" "bytea",
	"status" "dispatch_status" NOT NULL,
	"first" boolean NOT NULL,
	"send_by" timestamp with time zone,
	"sealed_at" timestamp with time zone NOT NULL,
	"dirty" boolean DEFAULT false NOT NULL,
	"proven" boolean DEFAULT false NOT NULL,
	"fence" integer DEFAULT 0 NOT NULL,
	"first_attempt_at" timestamp with time zone,
	"lease_until" timestamp with time zone,
	"next_attempt_at" timestamp with time zone,
	"reason" text,
	"resolved_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "enrollments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lead_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"sequence" text NOT NULL,
	"definition_hash" text NOT NULL,
	"status" "enrollment_status" NOT NULL,
	"stop_reason" "stop_reason",
	"topical" boolean NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sequence_definitions" (
	"hash" text PRIMARY KEY NOT NULL,
	"sequence" text NOT NULL,
	"definition" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_lead_id_leads_id_fk" FOREIGN KEY ("lead_id") REFERENCES "public"."leads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_enrollment_id_enrollments_id_fk" FOREIGN KEY ("enrollment_id") REFERENCES "public"."enrollments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provider_events" ADD CONSTRAINT "provider_events_lead_id_leads_id_fk" FOREIGN KEY ("lead_id") REFERENCES "public"."leads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "captures" ADD CONSTRAINT "captures_source_id_sources_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."sources"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "captures" ADD CONSTRAINT "captures_lead_id_leads_id_fk" FOREIGN KEY ("lead_id") REFERENCES "public"."leads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_lead_id_leads_id_fk" FOREIGN KEY ("lead_id") REFERENCES "public"."leads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_capture_id_captures_id_fk" FOREIGN KEY ("capture_id") REFERENCES "public"."captures"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_dispatch_id_dispatches_id_fk" FOREIGN KEY ("dispatch_id") REFERENCES "public"."dispatches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_enrollment_id_enrollments_id_fk" FOREIGN KEY ("enrollment_id") REFERENCES "public"."enrollments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrollments" ADD CONSTRAINT "enrollments_lead_id_leads_id_fk" FOREIGN KEY ("lead_id") REFERENCES "public"."leads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrollments" ADD CONSTRAINT "enrollments_source_id_sources_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."sources"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrollments" ADD CONSTRAINT "enrollments_definition_hash_sequence_definitions_hash_fk" FOREIGN KEY ("definition_hash") REFERENCES "public"."sequence_definitions"("hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alerts_waiting" ON "alerts" USING btree ("next_attempt_at") WHERE status = 'waiting';--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_one_waiting" ON "alerts" USING btree ("kind","capture_id") WHERE status = 'waiting';--> statement-breakpoint
CREATE INDEX "bookings_lead" ON "bookings" USING btree ("lead_id");--> statement-breakpoint
CREATE INDEX "bookings_email" ON "bookings" USING btree ("email_key");--> statement-breakpoint
CREATE INDEX "provider_events_open" ON "provider_events" USING btree ("received_at") WHERE status in ('pending', 'parked');--> statement-breakpoint
CREATE INDEX "provider_events_lead" ON "provider_events" USING btree ("lead_id");--> statement-breakpoint
CREATE INDEX "captures_lead" ON "captures" USING btree ("lead_id");--> statement-breakpoint
CREATE INDEX "captures_status" ON "captures" USING btree ("status","received_at");--> statement-breakpoint
CREATE INDEX "consents_lead" ON "consents" USING btree ("lead_id");--> statement-breakpoint
CREATE INDEX "leads_phone" ON "leads" USING btree ("phone");--> statement-breakpoint
CREATE INDEX "leads_folded" ON "leads" USING btree ("folded_key");--> statement-breakpoint
CREATE INDEX "deliveries_waiting" ON "deliveries" USING btree ("first" DESC NULLS LAST,"due_at") WHERE status = 'waiting';--> statement-breakpoint
CREATE INDEX "deliveries_lead" ON "deliveries" USING btree ("lead_id");--> statement-breakpoint
CREATE INDEX "deliveries_provider" ON "deliveries" USING btree ("provider_id") WHERE provider_id is not null;--> statement-breakpoint
CREATE INDEX "deliveries_trouble" ON "deliveries" USING btree ("status") WHERE status in ('failed', 'parked');--> statement-breakpoint
CREATE INDEX "dispatches_open" ON "dispatches" USING btree ("first" DESC NULLS LAST,"sealed_at") WHERE status in ('sealed', 'in-flight', 'retrying');--> statement-breakpoint
CREATE INDEX "dispatches_parked" ON "dispatches" USING btree ("status") WHERE status = 'parked';--> statement-breakpoint
CREATE UNIQUE INDEX "enrollments_one_active" ON "enrollments" USING btree ("lead_id") WHERE status in ('active', 'held');--> statement-breakpoint
CREATE INDEX "enrollments_lead" ON "enrollments" USING btree ("lead_id");--> statement-breakpoint
CREATE INDEX "enrollments_definition" ON "enrollments" USING btree ("definition_hash","status");