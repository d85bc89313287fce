ALTER TYPE "public"."alert_status" ADD VALUE 'gathered';--> statement-breakpoint
ALTER TYPE "public"."alert_status" ADD VALUE 'dropped';--> statement-breakpoint
DROP INDEX "alerts_waiting";--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "key" text;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "enrollment_id" uuid;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "source_id" uuid;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "due_at" timestamp with time zone;--> statement-breakpoint
UPDATE "alerts" SET "due_at" = "created_at";--> statement-breakpoint
ALTER TABLE "alerts" ALTER COLUMN "due_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "in_digest" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "digest_id" uuid;--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "alerts" text DEFAULT 'at-once' NOT NULL;--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "refused_run" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "refused_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_enrollment_id_enrollments_id_fk" FOREIGN KEY ("enrollment_id") REFERENCES "public"."enrollments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_source_id_sources_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."sources"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alerts_digest" ON "alerts" USING btree ("digest_id") WHERE digest_id is not null;--> statement-breakpoint
CREATE INDEX "captures_source" ON "captures" USING btree ("source_id","received_at");--> statement-breakpoint
CREATE INDEX "alerts_waiting" ON "alerts" USING btree ("in_digest","due_at") WHERE status = 'waiting';--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_key_unique" UNIQUE("key");