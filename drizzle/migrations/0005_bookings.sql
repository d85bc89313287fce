ALTER TYPE "public"."booking_status" ADD VALUE 'moved';--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "matched_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "doubt" text;--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "stood" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "moved_to" text;--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "cancelled_by" text;--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "revision" integer;--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "rebook_enrollment_id" uuid;--> statement-breakpoint
ALTER TABLE "provider_events" ADD COLUMN "next_attempt_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_rebook_enrollment_id_enrollments_id_fk" FOREIGN KEY ("rebook_enrollment_id") REFERENCES "public"."enrollments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bookings_phone" ON "bookings" USING btree ("phone");--> statement-breakpoint
CREATE INDEX "bookings_doubt" ON "bookings" USING btree ("created_at") WHERE doubt is not null;