ALTER TABLE "enrollments" ADD COLUMN "slow" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "enrollments" ADD COLUMN "paused_until" timestamp with time zone;