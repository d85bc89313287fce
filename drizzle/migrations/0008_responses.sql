CREATE TABLE "clicks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"delivery_id" uuid NOT NULL,
	"lead_id" uuid NOT NULL,
	"discount" text,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "replies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"external_id" text NOT NULL,
	"lead_id" uuid,
	"delivery_id" uuid,
	"matched_by" text,
	"hint_lead_id" uuid,
	"sender" text,
	"subject" text,
	"text" text,
	"attachments" integer NOT NULL,
	"message_id" text,
	"dmarc" text,
	"received_at" timestamp with time zone NOT NULL,
	"answered_at" timestamp with time zone,
	"answered_by" text,
	CONSTRAINT "replies_once" UNIQUE("external_id")
);
--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "reply_id" uuid;--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "booked_at" timestamp with time zone;--> statement-breakpoint
UPDATE "bookings" SET "booked_at" = "occurred_at";--> statement-breakpoint
ALTER TABLE "bookings" ALTER COLUMN "booked_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "delivery_id" uuid;--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "clicked_delivery_id" uuid;--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "received_delivery_id" uuid;--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "first_source_id" uuid;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "message_id" text;--> statement-breakpoint
ALTER TABLE "clicks" ADD CONSTRAINT "clicks_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clicks" ADD CONSTRAINT "clicks_lead_id_leads_id_fk" FOREIGN KEY ("lead_id") REFERENCES "public"."leads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "replies" ADD CONSTRAINT "replies_lead_id_leads_id_fk" FOREIGN KEY ("lead_id") REFERENCES "public"."leads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "replies" ADD CONSTRAINT "replies_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "replies" ADD CONSTRAINT "replies_hint_lead_id_leads_id_fk" FOREIGN KEY ("hint_lead_id") REFERENCES "public"."leads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "clicks_lead" ON "clicks" USING btree ("lead_id","at");--> statement-breakpoint
CREATE INDEX "clicks_counted" ON "clicks" USING btree ("at") WHERE discount is null;--> statement-breakpoint
CREATE INDEX "replies_lead" ON "replies" USING btree ("lead_id","received_at");--> statement-breakpoint
CREATE INDEX "replies_open" ON "replies" USING btree ("received_at") WHERE answered_at is null;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_reply_id_replies_id_fk" FOREIGN KEY ("reply_id") REFERENCES "public"."replies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_clicked_delivery_id_deliveries_id_fk" FOREIGN KEY ("clicked_delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_received_delivery_id_deliveries_id_fk" FOREIGN KEY ("received_delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_first_source_id_sources_id_fk" FOREIGN KEY ("first_source_id") REFERENCES "public"."sources"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_reply_once" ON "alerts" USING btree ("kind","reply_id") WHERE reply_id is not null;--> statement-breakpoint
CREATE INDEX "deliveries_message" ON "deliveries" USING btree ("message_id") WHERE message_id is not null;