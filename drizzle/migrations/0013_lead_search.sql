DROP INDEX "leads_phone";--> statement-breakpoint
CREATE INDEX "audit_log_subject" ON "audit_log" USING btree ("subject","at");--> statement-breakpoint
CREATE INDEX "leads_phone_end" ON "leads" USING btree (reverse("phone") text_pattern_ops);--> statement-breakpoint
CREATE INDEX "leads_email_start" ON "leads" USING btree ("email_key" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "leads_last_name" ON "leads" USING btree (lower("last_name") text_pattern_ops,lower("first_name") text_pattern_ops);--> statement-breakpoint
CREATE INDEX "leads_first_name" ON "leads" USING btree (lower("first_name") text_pattern_ops,lower("last_name") text_pattern_ops);--> statement-breakpoint
CREATE INDEX "deliveries_step" ON "deliveries" USING btree ("step","lead_id") WHERE status = 'waiting';--> statement-breakpoint
CREATE INDEX "dispatches_kept" ON "dispatches" USING btree ("resolved_at") WHERE body is not null;--> statement-breakpoint
CREATE INDEX "enrollments_status" ON "enrollments" USING btree ("status","lead_id");--> statement-breakpoint
CREATE INDEX "enrollments_source" ON "enrollments" USING btree ("source_id","lead_id");--> statement-breakpoint
CREATE INDEX "enrollments_stop" ON "enrollments" USING btree ("stop_reason","lead_id");--> statement-breakpoint
CREATE INDEX "leads_phone" ON "leads" USING btree ("phone" text_pattern_ops);