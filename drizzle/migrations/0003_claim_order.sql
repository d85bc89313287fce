DROP INDEX "deliveries_waiting";--> statement-breakpoint
CREATE INDEX "deliveries_waiting" ON "deliveries" USING btree ("first","due_at","id") WHERE status = 'waiting';