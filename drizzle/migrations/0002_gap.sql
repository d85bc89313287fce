DROP INDEX "deliveries_lead";--> statement-breakpoint
CREATE INDEX "deliveries_lead" ON "deliveries" USING btree ("lead_id","accepted_at");